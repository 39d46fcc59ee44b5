/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Runtime itself is killed, under load, and started again with the same state directory. The
 * system property {@code chaos.restarts} says how often.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class RuntimeChaosTest {
  private static final int RESTARTS = Integer.getInteger("chaos.restarts", 2);
  private static final Duration HEAL = Duration.ofSeconds(60);
  private static final List<String> APPLICATIONS = List.of("orders", "quiet", "billing", "reports");

  @TempDir Path root;

  private int grpcPort;
  private int httpPort;

  @BeforeEach
  void prepare() throws IOException {
    ChaosApps.write(root);
    grpcPort = freePort();
    httpPort = freePort();
  }

  @Test
  void restartLosesNothingButConnections() throws Exception {
    Leftovers leftovers = new Leftovers(root.resolve("state"));
    ChaosRuntime runtime = start(ChaosApps.workersDirectories());
    List<Callers.Outcome> outcomes;
    try (Callers callers = new Callers(URI.create("http://127.0.0.1:" + httpPort))) {
      APPLICATIONS.forEach(application -> callers.call(application, 2, 60, application.hashCode()));
      awaitGood(callers);
      for (int restart = 0; restart < RESTARTS; restart++) {
        Set<ChaosRuntime.Worker> before = java(runtime);
        assertThat(before).hasSize(3);

        runtime.kill();
        runtime = start(ChaosApps.workersDirectories());

        awaitGood(callers);
        // The same processes, the placeholder too, and nobody specialized any of them again.
        assertThat(java(runtime)).isEqualTo(before);
        assertThat(runtime.counter("placement.taken-over")).isEqualTo(2);
      }
      outcomes = callers.stop();
      ChaosRuntime last = runtime;
      await("the pool at its target").atMost(HEAL).until(() -> placeholders(last) == 3);
      runtime.stop();
    } finally {
      runtime.close();
    }

    System.out.printf("chaos: %d restarts: %s%n", RESTARTS, Callers.summary(outcomes));
    Callers.assertHonest(outcomes, ChaosApps.notes(root));
    assertThat(outcomes)
        .filteredOn(outcome -> Set.of("orders", "quiet").contains(outcome.application()))
        .allMatch(outcome -> outcome.status() == 200 || outcome.status() == Callers.BROKEN);
    leftovers.assertNoneOnTheMachine();
  }

  /** Nobody starts a Runtime again: our workers see to their own end, the others are left to it. */
  @Test
  void workersOfARuntimeThatNeverComesBackEndThemselves() throws Exception {
    Leftovers leftovers = new Leftovers(root.resolve("state"));
    String workers = impatient() + ":" + ChaosApps.workersDirectories();
    Set<Long> ours;
    try (ChaosRuntime runtime = start(workers)) {
      ours = java(runtime).stream().map(ChaosRuntime.Worker::process).collect(Collectors.toSet());
      assertThat(ours).isNotEmpty();
      runtime.kill();
    }

    await("our workers' patience")
        .atMost(HEAL)
        .until(() -> leftovers.processes().stream().noneMatch(ours::contains));

    try (ChaosRuntime next = start(workers)) {
      next.stop();
    }
    leftovers.assertNoneOnTheMachine();
  }

  /** The Java worker with a patience of two seconds. */
  private Path impatient() throws IOException {
    Path worker = Path.of(ChaosApps.workersDirectories().split(":", 2)[0], "manyhands-java");
    Path folder = Files.createDirectories(root.resolve("impatient/manyhands-java"));
    String config = Files.readString(worker.resolve("worker.config.json"));
    String main = "\"io.manyhands.worker.java.WorkerMain\"";
    assertThat(config).contains(main);
    Files.writeString(
        folder.resolve("worker.config.json"),
        config.replace(main, main + ", \"--manyhands-patience-seconds\", \"2\""));
    Files.createSymbolicLink(folder.resolve("lib"), worker.resolve("lib"));
    return root.resolve("impatient");
  }

  private ChaosRuntime start(String workers) throws IOException {
    return ChaosRuntime.start(root, grpcPort, httpPort, workers);
  }

  private static void awaitGood(Callers callers) {
    for (String application : APPLICATIONS) {
      long before = callers.good(application);
      await(application + " serves")
          .atMost(HEAL)
          .until(() -> callers.good(application) > before + 20);
    }
  }

  /** The Java workers: of two applications, and one of the pool. */
  private Set<ChaosRuntime.Worker> java(ChaosRuntime runtime) throws IOException {
    return runtime.workers().stream()
        .filter(worker -> worker.state().equals("READY") || worker.state().equals("PLACEHOLDER"))
        .filter(worker -> commandOf(worker.process()).contains("io.manyhands.worker.java"))
        .collect(Collectors.toSet());
  }

  private static String commandOf(long process) {
    try {
      return Files.readString(Path.of("/proc/" + process + "/cmdline"));
    } catch (IOException e) {
      return "";
    }
  }

  private static long placeholders(ChaosRuntime runtime) throws IOException {
    return runtime.workers().stream()
        .filter(worker -> worker.state().equals("PLACEHOLDER"))
        .count();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
