/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.Termination;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.testkit.contract.ProvisionerBehaviour;
import io.manyhands.testkit.contract.ProvisionerHarness;
import io.manyhands.testkit.contract.RecordingProvisionerListener;
import io.manyhands.testkit.contract.WorkerProvisionerContract;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract on a real engine, and what only a real one can show. */
final class RealDockerContractTest extends WorkerProvisionerContract {
  private static RealDockerEngine engine;

  @BeforeAll
  static void startEngine() throws IOException {
    Optional<String> missing = RealDockerEngine.missing();
    assumeTrue(missing.isEmpty(), () -> "real Docker engine: skipped, no " + missing.orElseThrow());
    engine = RealDockerEngine.start();
  }

  @AfterAll
  static void stopEngine() throws IOException {
    if (engine != null) {
      engine.stop();
    }
  }

  @Override
  protected ProvisionerHarness createHarness() {
    return harness();
  }

  private static DockerHarness harness() {
    EnumSet<ProvisionerBehaviour> behaviours = EnumSet.allOf(ProvisionerBehaviour.class);
    behaviours.removeAll(
        EnumSet.of(
            ProvisionerBehaviour.ANNOUNCES_WORKERS,
            ProvisionerBehaviour.CALLS_AN_API,
            ProvisionerBehaviour.WATCHES));
    return new DockerHarness(engine, behaviours, 16);
  }

  @Test
  void workerThatWantsTooMuchMemoryIsReportedAsKilledForIt() throws Exception {
    try (DockerHarness harness = harness()) {
      WorkerProvisioner provisioner = harness.create();
      RecordingProvisionerListener listener = started(harness, provisioner);
      ProvisionRequest greedy = request(harness, "greedy");

      provisioner.request(greedy).toCompletableFuture().get(60, TimeUnit.SECONDS);

      assertThat(listener.awaitTerminated(greedy.id(), Duration.ofSeconds(60))).isTrue();
      Termination termination = listener.terminations(greedy.id()).get(0);
      assertThat(termination.reason()).contains("137").contains("memory").contains("16 MiB");
      assertThat(termination.exitCode()).hasValue(137);
      provisioner.stop(Duration.ofSeconds(1)).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void containerCanDoNoMoreThanItsSandboxLets() throws Exception {
    try (DockerHarness harness = harness()) {
      WorkerProvisioner provisioner = harness.create(Map.of("cpus", "0.5", "processes", "32"));
      RecordingProvisionerListener unused = started(harness, provisioner);
      ProvisionRequest idle = request(harness, "idle");

      provisioner.request(idle).toCompletableFuture().get(60, TimeUnit.SECONDS);

      InspectContainerResponse container =
          engine.client().inspectContainerCmd(DockerHarness.name(idle.id())).exec();
      HostConfig config = container.getHostConfig();
      assertThat(config.getReadonlyRootfs()).isTrue();
      assertThat(config.getCapDrop()).containsExactly(Capability.ALL);
      assertThat(config.getSecurityOpts()).contains("no-new-privileges");
      assertThat(config.getMemory()).isEqualTo(16L * 1024 * 1024);
      assertThat(config.getMemorySwap()).isEqualTo(16L * 1024 * 1024);
      assertThat(config.getNanoCPUs()).isEqualTo(500_000_000);
      assertThat(config.getPidsLimit()).isEqualTo(32);
      assertThat(config.getNetworkMode()).isEqualTo("none");
      assertThat(container.getConfig().getUser()).isEqualTo("65534:65534");
      provisioner.stop(Duration.ofSeconds(1)).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
  }

  private static RecordingProvisionerListener started(
      DockerHarness harness, WorkerProvisioner provisioner) throws Exception {
    RecordingProvisionerListener listener = new RecordingProvisionerListener(harness.endpoint());
    provisioner.start(listener).toCompletableFuture().get(60, TimeUnit.SECONDS);
    return listener;
  }

  private static ProvisionRequest request(DockerHarness harness, String language) {
    return new ProvisionRequest(
        new WorkerId(UUID.randomUUID().toString()),
        WorkerStack.of(language),
        harness.endpoint(),
        Optional.empty());
  }
}
