/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import io.manyhands.api.Endpoint;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.concurrent.SystemSeams;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.support.platform.InstanceKey;
import io.manyhands.testkit.contract.ProvisionerBehaviour;
import io.manyhands.testkit.contract.ProvisionerHarness;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Docker provisioners for one engine. */
final class DockerHarness implements ProvisionerHarness {
  private static final Endpoint ENDPOINT =
      new Endpoint("grpc", URI.create("http://127.0.0.1:7071"));

  private final DockerEngine engine;
  private final Set<ProvisionerBehaviour> behaviours;
  private final int crowd;
  private final List<Machine> machines = new ArrayList<>();

  DockerHarness(DockerEngine engine, Set<ProvisionerBehaviour> behaviours, int crowd) {
    this.engine = engine;
    this.behaviours = EnumSet.copyOf(behaviours);
    this.crowd = crowd;
  }

  @Override
  public Set<ProvisionerBehaviour> behaviours() {
    return behaviours;
  }

  @Override
  public WorkerProvisioner create() {
    return create(Map.of());
  }

  @Override
  public WorkerProvisioner createWithCapacity(int workers) {
    return create(Map.of("capacity", Integer.toString(workers)));
  }

  WorkerProvisioner create(Map<String, String> more) {
    Machine machine = new Machine();
    machines.add(machine);
    return machine.create(more);
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
  public Endpoint endpoint() {
    return ENDPOINT;
  }

  @Override
  public void awaitReady(WorkerId worker) {
    engine.awaitReady(name(worker));
  }

  @Override
  public void kill(WorkerId worker, ProvisionedWorker known) {
    engine.kill(name(worker));
  }

  static String name(WorkerId worker) {
    return "manyhands-" + DockerEngine.IDENTITY + "-" + InstanceKey.of(worker);
  }

  @Override
  public void trouble(Trouble trouble) {
    engine.trouble(trouble);
  }

  @Override
  public int permits() {
    return 8;
  }

  @Override
  public int mostInFlight() {
    return engine.mostInFlight();
  }

  @Override
  public void silenceWatches() {
    engine.silenceWatches();
  }

  @Override
  public int crowd() {
    return crowd;
  }

  @Override
  public void leaveBehind(int workers) {
    Set<WorkerId> unused = leave("passing", workers);
  }

  @Override
  public Set<WorkerId> leaveResumable(int workers) {
    return leave("idle", workers);
  }

  private Set<WorkerId> leave(String language, int workers) {
    Machine doomed = new Machine();
    WorkerProvisioner provisioner = doomed.create(Map.of());
    provisioner
        .start((worker, termination) -> {})
        .toCompletableFuture()
        .orTimeout(60, TimeUnit.SECONDS)
        .join();
    Set<WorkerId> left = new HashSet<>();
    for (int i = 0; i < workers; i++) {
      ProvisionRequest request =
          new ProvisionRequest(
              new WorkerId(UUID.randomUUID().toString()),
              WorkerStack.of(language),
              ENDPOINT,
              Optional.empty());
      provisioner.request(request).toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
      left.add(request.id());
    }
    doomed.vanish();
    return left;
  }

  @Override
  public int running() {
    return engine.running();
  }

  @Override
  public void close() {
    machines.forEach(Machine::vanish);
    int left = engine.present();
    engine.close();
    if (left > 0) {
      throw new AssertionError(left + " containers were left behind");
    }
  }

  /** What a Runtime brings to its provisioners. */
  private final class Machine implements PluginContext {
    private final ExecutorService blocking = Executors.newFixedThreadPool(12);
    private final SystemSeams seams = SystemSeams.create("test");

    WorkerProvisioner create(Map<String, String> more) {
      Map<String, String> options = new HashMap<>();
      options.put("host", engine.host());
      options.put("identity", DockerEngine.IDENTITY);
      options.put("network", "none");
      options.put("resync", "1s");
      options.put("memoryMiB", "16");
      options.put("answerTimeout", "5s");
      options.put("resumable", "idle");
      for (String language : List.of("idle", "dying", "polite", "passing", "greedy")) {
        options.put("image." + language, engine.image());
        options.put("command." + language, "/" + language + ".sh");
      }
      options.put("command.passing", "/idle.sh");
      options.putAll(more);
      return new DockerProvisionerPlugin()
          .provisioners()
          .get(0)
          .create(new PluginConfig("provisioner docker", options), this);
    }

    /** As if the Runtime were killed: its threads are gone. */
    void vanish() {
      blocking.shutdownNow();
      seams.close();
    }

    @Override
    public RuntimeOptions options() {
      return RuntimeOptions.defaults();
    }

    @Override
    public Path stateDirectory() {
      throw new io.manyhands.api.ManyhandsException(
          ErrorCode.INVALID_ARGUMENT, "the provisioner needs no state directory");
    }

    @Override
    public TimeSeams time() {
      return seams.seams();
    }

    @Override
    public Executor blockingExecutor() {
      return blocking;
    }
  }
}
