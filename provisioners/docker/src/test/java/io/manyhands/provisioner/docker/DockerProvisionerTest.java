/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.TenantId;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.Termination;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.testkit.contract.ProvisionerBehaviour;
import io.manyhands.testkit.contract.RecordingProvisionerListener;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Docker adds to the contract. */
final class DockerProvisionerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private DockerDouble engine;
  private DockerHarness harness;
  private RecordingProvisionerListener listener;

  @BeforeEach
  void makeEngine() throws IOException {
    engine = new DockerDouble();
    harness = new DockerHarness(engine, EnumSet.of(ProvisionerBehaviour.STARTS_ON_REQUEST), 1);
    listener = new RecordingProvisionerListener(harness.endpoint());
  }

  @AfterEach
  void closeEngine() {
    harness.close();
  }

  @Test
  void workerThatWasKilledForMemoryIsReportedAsSuch() {
    WorkerProvisioner provisioner = started(Map.of());
    ProvisionRequest request = request("idle", Optional.empty());
    get(provisioner, request);

    engine.killForMemory(DockerHarness.name(request.id()));

    assertThat(ended(request).reason()).contains("137").contains("memory").contains("16 MiB");
    stop(provisioner);
  }

  @Test
  void missingImageIsPulledAndWhoAsksMeanwhileIsToldToComeAgain() {
    WorkerProvisioner provisioner =
        started(Map.of("image.far", DockerDouble.REMOTE_IMAGE, "command.far", "/idle.sh"));

    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              try {
                get(provisioner, request("far", Optional.empty()));
                return true;
              } catch (ManyhandsException e) {
                assertThat(e).hasMessageContaining("is being pulled");
                assertThat(e.retryAfter()).isPresent();
                return false;
              }
            });
    stop(provisioner);
  }

  @Test
  void imageThatCannotBePulledIsRefusedInTheRegistrysWords() {
    engine.breakImage("registry.example/broken:1");
    WorkerProvisioner provisioner = started(Map.of("image.far", "registry.example/broken:1"));

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> get(provisioner, request("far", Optional.empty())))
                    .isInstanceOf(ManyhandsException.class)
                    .hasMessageContaining("manifest unknown"));
    stop(provisioner);
  }

  @Test
  void imageIsNotPulledWhereThatIsForbidden() {
    WorkerProvisioner provisioner =
        started(Map.of("image.far", DockerDouble.REMOTE_IMAGE, "pull", "never"));

    assertThatThrownBy(() -> get(provisioner, request("far", Optional.empty())))
        .isInstanceOf(ManyhandsException.class)
        .hasMessageContaining(DockerDouble.REMOTE_IMAGE)
        .hasMessageContaining("pull=missing");
    stop(provisioner);
  }

  @Test
  void watchThatEndsIsOpenedAgain() {
    WorkerProvisioner provisioner = started(Map.of("resync", "1h"));
    await().atMost(PATIENCE).until(() -> engine.watches() == 1);
    engine.endWatches();
    await().atMost(PATIENCE).until(() -> engine.watches() == 1);
    ProvisionRequest request = request("idle", Optional.empty());
    get(provisioner, request);

    engine.kill(DockerHarness.name(request.id()));

    assertThat(ended(request).exitCode()).hasValue(137);
    stop(provisioner);
  }

  @Test
  void containerIsMadeAsTheOptionsSay() {
    WorkerProvisioner provisioner =
        started(
            Map.of(
                "memoryMiB", "256",
                "cpus", "1.5",
                "processes", "99",
                "temporaryMiB", "8",
                "user", "1000:1000",
                "environment.LANG", "C.UTF-8",
                "mount./apps", "/srv/apps"));
    ProvisionRequest request =
        request(
            "idle",
            Optional.of(
                new ProvisionRequest.Target(
                    new ApplicationId("shop"),
                    new TenantId("acme"),
                    "/apps/shop",
                    Map.of("COLOUR", "blue"))));

    ProvisionRequest sealed =
        new ProvisionRequest(
            request.id(),
            request.stack(),
            request.endpoint(),
            request.application(),
            "proof-of-the-launch");
    ProvisionedWorker worker = get(provisioner, sealed);

    JsonNode body = engine.lastCreated();
    JsonNode host = body.path("HostConfig");
    assertThat(body.path("User").asText()).isEqualTo("1000:1000");
    assertThat(host.path("Memory").asLong()).isEqualTo(256L << 20);
    assertThat(host.path("MemorySwap").asLong()).isEqualTo(256L << 20);
    assertThat(host.path("NanoCpus").asLong()).isEqualTo(1_500_000_000);
    assertThat(host.path("PidsLimit").asLong()).isEqualTo(99);
    assertThat(host.path("ReadonlyRootfs").asBoolean()).isTrue();
    assertThat(host.path("CapDrop").toString()).isEqualTo("[\"ALL\"]");
    assertThat(host.path("SecurityOpt").toString()).isEqualTo("[\"no-new-privileges\"]");
    assertThat(host.path("Tmpfs").path("/tmp").asText()).contains("size=8388608");
    assertThat(host.path("Binds").toString()).contains("/srv/apps:/apps:ro");
    assertThat(body.path("Env").toString()).contains("COLOUR=blue", "LANG=C.UTF-8", "HOME=/tmp");
    assertThat(body.path("Env").toString())
        .contains(ProvisionRequest.CREDENTIAL_VARIABLE + "=proof-of-the-launch");
    assertThat(body.path("Labels").toString())
        .doesNotContain(request.id().value(), "proof-of-the-launch");
    assertThat(body.path("Cmd").toString()).doesNotContain("proof-of-the-launch");
    assertThat(body.path("Labels").toString()).contains("shop", "acme");
    assertThat(worker.labels()).containsEntry("host", "engine-double");
    assertThat(worker.baseEnvironment())
        .containsEntry("JAVA_HOME", "/jre")
        .containsEntry("LANG", "C.UTF-8")
        .doesNotContainKeys("COLOUR", ProvisionRequest.CREDENTIAL_VARIABLE);
    stop(provisioner);
  }

  @Test
  void engineThatIsNotThereFailsTheStartAndSaysWhere() {
    WorkerProvisioner provisioner =
        harness.create(Map.of("host", "tcp://127.0.0.1:1", "connectTimeout", "2s"));

    assertThatThrownBy(
            () -> provisioner.start(listener).toCompletableFuture().get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ManyhandsException.class)
        .hasMessageContaining("tcp://127.0.0.1:1");
  }

  @Test
  void optionThatMakesNoSenseIsRefusedNamingIt() {
    List<Map<String, String>> all =
        List.of(
            Map.of("host", "ftp://x"),
            Map.of("cpus", "many"),
            Map.of("image.idle", ""),
            Map.of("mount.apps", "/x"),
            Map.of("pull", "sometimes"),
            Map.of("registryUsername", "me"),
            Map.of("identity", "Not A Label"),
            Map.of("advertise", "nowhere"),
            Map.of("colour", "blue"));
    for (Map<String, String> wrong : all) {
      assertThatThrownBy(() -> harness.create(wrong))
          .isInstanceOfSatisfying(
              ManyhandsException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
          .hasMessageContaining("provisioner docker");
    }
  }

  private WorkerProvisioner started(Map<String, String> options) {
    WorkerProvisioner provisioner = harness.create(options);
    provisioner.start(listener).toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    return provisioner;
  }

  private static ProvisionedWorker get(WorkerProvisioner provisioner, ProvisionRequest request) {
    try {
      return provisioner
          .request(request)
          .toCompletableFuture()
          .orTimeout(60, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      throw (RuntimeException) e.getCause();
    }
  }

  private Termination ended(ProvisionRequest request) {
    assertThat(listener.awaitTerminated(request.id(), PATIENCE)).isTrue();
    return listener.terminations(request.id()).get(0);
  }

  private static void stop(WorkerProvisioner provisioner) {
    provisioner
        .stop(Duration.ofMillis(200))
        .toCompletableFuture()
        .orTimeout(60, TimeUnit.SECONDS)
        .join();
  }

  private ProvisionRequest request(String language, Optional<ProvisionRequest.Target> target) {
    return new ProvisionRequest(
        new WorkerId(UUID.randomUUID().toString()),
        WorkerStack.of(language),
        harness.endpoint(),
        target);
  }
}
