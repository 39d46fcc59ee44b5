/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.provisioner.external.ExpectedWorker;
import io.manyhands.provisioner.external.ExternalProvisionerPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of workers that hang or die, and of those whose agent ends or is killed. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SelfMonitoringTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Ignores the end of its stream and the wish to end: nobody but the agent ends it. */
  private static final StockWorker WORKER = StockWorker.PYTHON_V1;

  @TempDir Path temporary;

  private final ExternalProvisionerPlugin external = new ExternalProvisionerPlugin();
  private FunctionRuntime runtime;

  @BeforeEach
  void start() {
    runtime =
        ManyhandsRuntime.builder()
            .options(Wiring.options(temporary).build())
            .plugin(external)
            .transport("grpc", Map.of())
            .provisioner("external", Map.of("stacks", WORKER.language()))
            .trigger("http", Map.of())
            .build();
    runtime.startAndWait(SOON);
  }

  @AfterEach
  void stop() {
    runtime.close();
  }

  @Test
  void stoppedWorkerIsNoticedReportedKilledAndReplaced() throws Exception {
    try (Agent agent = agent(2, Duration.ofSeconds(2));
        LogLines log = new LogLines("io.manyhands.core.session")) {
      assertThat(agent.ended()).isNotDone();
      await().atMost(SOON).until(() -> placeholders() == 1);
      ProcessHandle first = worker();

      signal("STOP", first);

      await().atMost(SOON).until(() -> !first.isAlive());
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(log.all()).anyMatch(line -> line.contains("it hangs")));
      await().atMost(SOON).until(() -> placeholders() == 1 && worker().pid() != first.pid());
    }
    assertThat(workers()).isEmpty();
  }

  @Test
  void killedWorkerIsReportedWithItsSignalAndNobodyFollowsWhereNoIdIsLeft() throws Exception {
    try (Agent agent = agent(1, SOON);
        LogLines log = new LogLines("io.manyhands.core.session")) {
      await().atMost(SOON).until(() -> placeholders() == 1);

      signal("KILL", worker());

      assertThat(agent.ended().get(60, TimeUnit.SECONDS)).isFalse();
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(log.all()).anyMatch(line -> line.contains("SIGKILL")));
      assertThat(placeholders()).isZero();
    }
  }

  @Test
  void agentThatIsToldToEndLeavesInOrder() throws Exception {
    try (AgentProcess agent = process()) {
      await().atMost(SOON).until(() -> placeholders() == 1);
      List<ProcessHandle> workers = agent.handle().descendants().toList();

      agent.handle().destroy();

      agent.exitCode();
      assertThat(workers).isNotEmpty().noneMatch(ProcessHandle::isAlive);
      assertThat(placeholders()).isZero();
      try (Stream<Path> left = Files.list(temporary.resolve("own/work"))) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void whatAKilledAgentLeftTheNextOneEnds() throws Exception {
    ProcessHandle orphan;
    try (AgentProcess killed = process()) {
      await().atMost(SOON).until(() -> placeholders() == 1);
      orphan =
          killed
              .handle()
              .descendants()
              .filter(SelfMonitoringTest::isWorker)
              .findFirst()
              .orElseThrow();
      killed.handle().destroyForcibly();
      killed.exitCode();
      assertThat(orphan.isAlive()).isTrue();

      try (AgentProcess next = process()) {
        await().atMost(SOON).until(() -> !orphan.isAlive());
        assertThat(next.handle().isAlive()).isTrue();
      }
    }
  }

  private Agent agent(int ids, Duration hungAfter) throws IOException {
    return Agent.start(
        Agents.options(
            List.of(Wiring.endpoint(runtime, "grpc").getPort()),
            Agents.places(WORKER, passports(ids), 1),
            WORKER.directory(temporary),
            temporary.resolve("agent"),
            hungAfter));
  }

  private AgentProcess process() throws IOException {
    return AgentProcess.start(
        WORKER,
        temporary.resolve("own"),
        passports(1).get(0).workerId(),
        List.of(Wiring.endpoint(runtime, "grpc").getPort()));
  }

  private List<Passport> passports(int count) {
    return external.workers().expect(WORKER.stack(), count).stream()
        .map(ExpectedWorker::id)
        .map(id -> new Passport(id.value(), ""))
        .toList();
  }

  private long placeholders() {
    return runtime.workers().workers().stream()
        .filter(worker -> worker.state() == WorkerState.PLACEHOLDER)
        .count();
  }

  private static ProcessHandle worker() {
    return workers().get(0);
  }

  private static List<ProcessHandle> workers() {
    return ProcessHandle.current()
        .descendants()
        .filter(SelfMonitoringTest::isWorker)
        .filter(ProcessHandle::isAlive)
        .toList();
  }

  private static boolean isWorker(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains("--functions-worker-id");
  }

  private static void signal(String name, ProcessHandle process) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
    assertThat(kill.waitFor()).isZero();
  }
}
