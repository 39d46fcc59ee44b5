/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.testkit.SocketProxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers are killed, stopped and cut off under load, in an order drawn from a seed. The system
 * properties {@code chaos.rounds} and {@code chaos.seed} make it longer and other.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class WorkerChaosTest {
  private static final int ROUNDS = Integer.getInteger("chaos.rounds", 8);
  private static final long SEED = Long.getLong("chaos.seed", 20_261);

  /** Longer than an application that keeps losing workers is left alone: 30 s. */
  private static final Duration HEAL = Duration.ofSeconds(60);

  private static final List<String> ATTACKED = List.of("orders", "billing", "reports");

  private enum Fault {
    KILL,
    STOP,
    CUT,
    HALF_CLOSE
  }

  @TempDir Path root;

  private final Random random = new Random(SEED);
  private final List<String> history = new ArrayList<>();

  @Test
  void everyCallIsAnsweredHonestlyAndNoNeighbourNotices() throws Exception {
    ChaosApps.write(root);
    Leftovers leftovers = new Leftovers(root.resolve("state"));
    ProxiedWorkersPlugin plugin = new ProxiedWorkersPlugin();
    List<Callers.Outcome> outcomes;
    try (plugin;
        FunctionRuntime runtime = start(plugin)) {
      try (Callers callers = new Callers(http(runtime))) {
        for (String application : ATTACKED) {
          callers.call(application, 3, 60, random.nextLong());
        }
        callers.call("quiet", 2, 60, random.nextLong());
        for (int round = 1; round <= ROUNDS; round++) {
          Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
          String victim = ATTACKED.get(random.nextInt(ATTACKED.size()));
          round(runtime, plugin, callers, fault, victim);
        }
        outcomes = callers.stop();
      }
      await("the pool at its target").atMost(HEAL).until(() -> placeholders(runtime) == 3);
    }

    System.out.printf("chaos: seed %d: %s: %s%n", SEED, history, Callers.summary(outcomes));
    Callers.assertHonest(outcomes, ChaosApps.notes(root));
    assertThat(outcomes)
        .filteredOn(outcome -> outcome.application().equals("quiet"))
        .hasSizeGreaterThan(10)
        .allMatch(outcome -> outcome.status() == 200);
    assertThat(outcomes).noneMatch(outcome -> outcome.status() == Callers.BROKEN);
    leftovers.assertNoneOnTheMachine();
    leftovers.assertNoneInThisProcess();
  }

  private void round(
      FunctionRuntime runtime,
      ProxiedWorkersPlugin plugin,
      Callers callers,
      Fault fault,
      String victim)
      throws Exception {
    WorkerInfo worker =
        await()
            .atMost(HEAL)
            .until(() -> serving(runtime, victim), Optional::isPresent)
            .orElseThrow();
    history.add(fault + " " + victim);
    long process = worker.processId().orElseThrow();
    SocketProxy proxy = plugin.proxyOf(worker.id());
    switch (fault) {
      case KILL -> ProcessHandle.of(process).orElseThrow().destroyForcibly();
      case STOP -> stopFor(process, 200 + random.nextInt(1500));
      case CUT -> proxy.cut();
      case HALF_CLOSE -> proxy.halfClose(SocketProxy.Direction.TO_TARGET);
    }
    for (String application : ATTACKED) {
      long before = callers.good(application);
      await(application + " serves again after " + history)
          .atMost(HEAL)
          .until(() -> callers.good(application) > before + 3);
    }
  }

  /** With kill(1), as nothing in Java sends these signals. */
  private static void stopFor(long process, int millis) throws Exception {
    signal("STOP", process);
    boolean unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    signal("CONT", process);
  }

  private static void signal(String name, long process) throws Exception {
    int unused = new ProcessBuilder("kill", "-" + name, Long.toString(process)).start().waitFor();
  }

  private FunctionRuntime start(ProxiedWorkersPlugin plugin) throws Exception {
    FunctionRuntime runtime =
        ManyhandsRuntime.builder()
            .options(
                RuntimeOptions.builder()
                    .runtimeId("chaos")
                    .stateDirectory(root.resolve("state"))
                    .sharedLocalTrust(true)
                    .drainGrace(Duration.ofSeconds(3))
                    .terminateGrace(Duration.ofSeconds(1))
                    .statusInterval(Duration.ofSeconds(1))
                    .placeholders(ChaosApps.JAVA, 1)
                    .placeholders(ChaosApps.NODE, 1)
                    .placeholders(ChaosApps.PYTHON, 1)
                    .build())
            .discoverPlugins(false)
            .plugin(plugin)
            .plugin(new io.manyhands.transport.grpc.GrpcTransportPlugin())
            .plugin(new io.manyhands.trigger.http.HttpTriggerPlugin())
            .transport("grpc", Map.of())
            .provisioner("local", Map.of("workersDirectory", ChaosApps.workersDirectories()))
            .trigger("http", Map.of())
            .build();
    runtime.startAndWait(Duration.ofSeconds(60));
    for (ApplicationDefinition application : ChaosApps.all(root)) {
      runtime.jobHosts().start(application).get(60, TimeUnit.SECONDS);
    }
    return runtime;
  }

  private static Optional<WorkerInfo> serving(FunctionRuntime runtime, String application) {
    return runtime.workers().workers().stream()
        .filter(worker -> worker.application().equals(Optional.of(ApplicationId.of(application))))
        .filter(worker -> worker.state() == WorkerState.READY)
        .findFirst();
  }

  private static long placeholders(FunctionRuntime runtime) {
    return runtime.workers().workers().stream()
        .filter(worker -> worker.state() == WorkerState.PLACEHOLDER)
        .count();
  }

  private static URI http(FunctionRuntime runtime) {
    return runtime.endpoints().stream()
        .filter(endpoint -> endpoint.name().equals("http"))
        .findFirst()
        .orElseThrow()
        .uri();
  }
}
