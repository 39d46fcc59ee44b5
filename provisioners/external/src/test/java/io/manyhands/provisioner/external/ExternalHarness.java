/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.external;

import io.manyhands.api.Endpoint;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.Termination;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.time.Randomness;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.testkit.contract.ProvisionerBehaviour;
import io.manyhands.testkit.contract.ProvisionerHarness;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;

/** Somebody else, who starts workers when they are expected. */
final class ExternalHarness implements ProvisionerHarness {
  static final Endpoint ENDPOINT = new Endpoint("grpc", URI.create("http://127.0.0.1:7071"));

  private final Map<WorkerProvisioner, ExternalWorkers> workers = new HashMap<>();

  static WorkerProvisioner create(ExternalProvisionerPlugin plugin, Map<String, String> options) {
    return plugin
        .provisioners()
        .get(0)
        .create(new PluginConfig("provisioner external", options), new FakeContext());
  }

  @Override
  public Set<ProvisionerBehaviour> behaviours() {
    return Set.of(ProvisionerBehaviour.ANNOUNCES_WORKERS, ProvisionerBehaviour.NOTICES_DEATH);
  }

  @Override
  public WorkerProvisioner create() {
    ExternalProvisionerPlugin plugin = new ExternalProvisionerPlugin();
    WorkerProvisioner provisioner = create(plugin, Map.of("stacks", "node, python 3.11"));
    workers.put(provisioner, plugin.workers());
    return provisioner;
  }

  @Override
  public WorkerStack healthyStack() {
    return WorkerStack.of("python", "3.11");
  }

  @Override
  public Endpoint endpoint() {
    return ENDPOINT;
  }

  @Override
  public WorkerId announce(WorkerProvisioner provisioner) {
    return workers.get(provisioner).expect(healthyStack(), 1).get(0).id();
  }

  @Override
  public void kill(WorkerId worker, ProvisionedWorker known) {
    Termination died = new Termination("its container died", OptionalInt.empty(), List.of());
    for (ExternalWorkers each : workers.values()) {
      each.ended(worker, died);
    }
  }

  @Override
  public int running() {
    return 0; // its platform is somebody else's
  }

  @Override
  public void close() {}

  private static final class FakeContext implements PluginContext {
    @Override
    public RuntimeOptions options() {
      return RuntimeOptions.defaults();
    }

    @Override
    public Path stateDirectory() {
      throw new AssertionError("not needed");
    }

    @Override
    public TimeSeams time() {
      Random random = new Random(7);
      Randomness randomness =
          new Randomness() {
            @Override
            public long nextLong() {
              return random.nextLong();
            }

            @Override
            public int nextInt(int bound) {
              return random.nextInt(bound);
            }
          };
      Scheduler scheduler =
          (task, delay) -> {
            throw new AssertionError("not needed");
          };
      return new TimeSeams(InstantSource.system(), System::nanoTime, scheduler, randomness);
    }

    @Override
    public Executor blockingExecutor() {
      return task -> {
        throw new AssertionError("not needed");
      };
    }
  }
}
