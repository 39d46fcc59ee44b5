/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.Endpoint;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.testkit.contract.RecordingProvisionerListener;
import io.manyhands.testkit.contract.RecordingProvisionerListener.Recovered;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the workers of a Runtime that was killed. */
@EnabledOnOs(OS.LINUX)
class AdoptionTest {
  @TempDir Path root;

  private LocalMachine machine;
  private RecordingProvisionerListener listener =
      new RecordingProvisionerListener(LocalMachine.ENDPOINT);

  @BeforeEach
  void prepare() {
    machine = new LocalMachine(root);
  }

  @AfterEach
  void nothingIsLeft() {
    machine.close();
  }

  @Test
  void adoptedWorkerKeepsItsDirectoryUntilItsEnd() throws Exception {
    Set<WorkerId> left = DoomedRuntime.runAndKill(root, 1, "idle");
    List<Path> directories = machine.privateDirectories();
    assertThat(directories).hasSize(1);
    WorkerProvisioner provisioner = machine.create(Map.of());

    done(provisioner.start(listener));

    assertThat(machine.privateDirectories()).isEqualTo(directories);
    ProvisionedWorker known = ((Recovered) listener.events().get(0)).known();
    assertThat(known.baseEnvironment())
        .containsEntry("HOME", directories.get(0).resolve("home").toString())
        .containsKeys("PATH", "LANG", "TMPDIR", "FUNCTIONS_WORKER_DIRECTORY");
    done(provisioner.release(left.iterator().next(), Duration.ofSeconds(5)));
    assertThat(machine.privateDirectories()).isEmpty();
    assertThat(listener.events()).hasSize(2);
    done(provisioner.stop(Duration.ofSeconds(5)));
    assertLedgerTellsOfNothing();
  }

  @Test
  void whatCannotComeBackIsEndedBesideWhatCan() throws Exception {
    Set<WorkerId> left = DoomedRuntime.runAndKill(root, 3, "passing", "idle");
    assertThat(machine.running()).hasSize(3);
    WorkerProvisioner provisioner = machine.create(Map.of());

    done(provisioner.start(listener));

    assertThat(listener.events()).hasSize(1).allMatch(event -> left.contains(event.worker()));
    assertThat(machine.running()).hasSize(1);
    assertThat(machine.privateDirectories()).hasSize(1);
    done(provisioner.stop(Duration.ofSeconds(5)));
    assertLedgerTellsOfNothing();
  }

  @Test
  void workerThatDialsWhereNobodyListensAnyMoreIsEnded() throws Exception {
    DoomedRuntime.runAndKill(root, 1, "idle");
    listener =
        new RecordingProvisionerListener(new Endpoint("grpc", URI.create("http://127.0.0.1:7072")));

    assertIsEndedAtTheStart();
  }

  @Test
  void workerWhoseFileSaysNoLongerThatItComesBackIsEnded() throws Exception {
    DoomedRuntime.runAndKill(root, 1, "idle");
    machine.config("idle", LocalMachine.description("idle", ""));

    assertIsEndedAtTheStart();
  }

  @Test
  void workerOfALanguageThatIsGoneIsEnded() throws Exception {
    DoomedRuntime.runAndKill(root, 1, "idle");
    Files.delete(machine.workers().resolve("idle/worker.config.json"));

    assertIsEndedAtTheStart();
  }

  private void assertIsEndedAtTheStart() throws Exception {
    WorkerProvisioner provisioner = machine.create(Map.of());

    done(provisioner.start(listener));

    assertThat(listener.events()).isEmpty();
    assertThat(machine.running()).isEmpty();
    assertThat(machine.privateDirectories()).isEmpty();
    done(provisioner.stop(Duration.ofSeconds(5)));
    assertLedgerTellsOfNothing();
  }

  private void assertLedgerTellsOfNothing() throws Exception {
    assertThat(
            LedgerEntry.parse(
                Files.readAllLines(machine.state().resolve("local").resolve("ledger"))))
        .isEmpty();
  }

  private static void done(CompletionStage<?> stage) throws Exception {
    Object unused = stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
