/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import io.manyhands.api.Endpoint;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.testkit.contract.ProvisionerBehaviour;
import io.manyhands.testkit.contract.ProvisionerHarness;
import io.manyhands.testkit.contract.WorkerProvisionerContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class LocalProvisionerContractTest extends WorkerProvisionerContract {
  @TempDir Path root;

  @Override
  protected ProvisionerHarness createHarness() {
    return new Harness(root);
  }

  private static final class Harness implements ProvisionerHarness {
    private final Path root;
    private final LocalMachine machine;

    Harness(Path root) {
      this.root = root;
      machine = new LocalMachine(root);
    }

    @Override
    public Set<ProvisionerBehaviour> behaviours() {
      return EnumSet.of(
          ProvisionerBehaviour.STARTS_ON_REQUEST,
          ProvisionerBehaviour.NOTICES_DEATH,
          ProvisionerBehaviour.REPORTS_LAST_WORDS,
          ProvisionerBehaviour.RECOVERS,
          ProvisionerBehaviour.ADOPTS,
          ProvisionerBehaviour.ASKS_FIRST);
    }

    @Override
    public WorkerProvisioner create() {
      return machine.create(Map.of());
    }

    @Override
    public WorkerStack healthyStack() {
      return WorkerStack.of("idle");
    }

    @Override
    public WorkerStack dyingStack() {
      return WorkerStack.of("dying");
    }

    @Override
    public WorkerStack politeStack() {
      return WorkerStack.of("polite");
    }

    @Override
    public void awaitReady(WorkerId worker) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  machine.running().stream()
                      .map(home -> Path.of(home.substring("HOME=".length()), "ready"))
                      .anyMatch(Files::exists));
    }

    @Override
    public Endpoint endpoint() {
      return LocalMachine.ENDPOINT;
    }

    @Override
    public void kill(WorkerId worker, ProvisionedWorker known) {
      ProcessHandle.of(known.processId().orElseThrow()).orElseThrow().destroyForcibly();
    }

    @Override
    public void leaveBehind(int workers) {
      leave("passing", workers);
    }

    @Override
    public Set<WorkerId> leaveResumable(int workers) {
      return leave("idle", workers);
    }

    private Set<WorkerId> leave(String language, int workers) {
      try {
        return DoomedRuntime.runAndKill(root, workers, language);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public int running() {
      return machine.running().size();
    }

    @Override
    public void close() {
      machine.close();
    }
  }
}
