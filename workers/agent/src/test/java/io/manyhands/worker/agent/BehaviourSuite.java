/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerState;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an application sees of its Runtime, whichever stock worker runs it and wherever that worker
 * is. One Runtime serves all tests of a class; each has an application of its own where it kills.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BehaviourSuite {
  static final Duration SOON = Duration.ofSeconds(60);

  private final StockWorker worker;
  private final Starter starter;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir static Path temporary;

  private Wiring wiring;
  private Path app;

  /** Starts a Runtime in one of its wirings. */
  @FunctionalInterface
  interface Starter {
    Wiring start(StockWorker worker, Path temporary) throws IOException;
  }

  BehaviourSuite(StockWorker worker, Starter starter) {
    this.worker = worker;
    this.starter = starter;
  }

  @BeforeAll
  void start() throws Exception {
    Path own = Files.createTempDirectory(temporary, "suite");
    wiring = starter.start(worker, own);
    app = worker.app(own.resolve("app"));
    Files.createDirectories(ticks("main"));
    deploy("main", "red");
  }

  @AfterAll
  void end() throws IOException {
    List<Long> processes = processes();
    wiring.close();
    assertThat(processes).isNotEmpty().allSatisfy(BehaviourSuite::assertGone);
  }

  @Test
  void answersOverHttpWithItsOwnEnvironmentAndTheBodyThatCame() throws Exception {
    assertThat(get("main", "env").body()).isEqualTo("red");
    assertThat(get("main", "fail").statusCode()).isEqualTo(500);
    byte[] large = new byte[20 << 20];
    new Random(7).nextBytes(large);
    assertThat(post("main", large)).isEqualTo(large);
    byte[] small = {0, -1, 10};
    assertThat(post("main", small)).isEqualTo(small);
  }

  @Test
  void errorsNameWhatTheFunctionSaid() throws Exception {
    InvocationResult failed = invoke("main", "fail", SOON).get(90, TimeUnit.SECONDS);

    assertThat(failed.error().orElseThrow().message()).contains("it was meant to fail");
  }

  @Test
  void logsOfFunctionsAndOutputOfTheProcessAreWritten() throws Exception {
    try (LogLines functions = new LogLines("io.manyhands.app.main");
        LogLines output = new LogLines("io.manyhands.output.main")) {
      assertThat(get("main", "logs").statusCode()).isEqualTo(200);
      assertThat(get("main", "prints").statusCode()).isEqualTo(200);

      await()
          .atMost(SOON)
          .untilAsserted(
              () -> {
                assertThat(functions.all())
                    .anyMatch(line -> line.contains("a line of the function"));
                assertThat(LogLines.both(functions, output))
                    .anyMatch(line -> line.contains("a line that was printed"));
              });
    }
  }

  @Test
  void timersFire() {
    await().atMost(SOON).until(() -> Files.exists(ticks("main").resolve("none")));
  }

  @Test
  void overrunAndDeadWorkersAreReplacedAndGone() throws Exception {
    deploy("mortal", "blue");
    assertThat(get("mortal", "env").body()).isEqualTo("blue");
    assertThat(worker("mortal").id()).isNotEqualTo(worker("main").id());

    InvocationResult lost = invoke("mortal", "die", SOON).get(90, TimeUnit.SECONDS);
    assertThat(lost.error().orElseThrow().code()).isEqualTo(ErrorCode.WORKER_LOST);
    // The second worker of this revision loads what the first one indexed.
    assertThat(get("mortal", "env").body()).isEqualTo("blue");
    WorkerInfo second = worker("mortal");

    InvocationResult late =
        invoke("mortal", "sleep", Duration.ofMillis(300)).get(90, TimeUnit.SECONDS);
    assertThat(late.error().orElseThrow().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    await().atMost(SOON).until(() -> !serves("mortal", second));
    assertThat(get("mortal", "env").body()).isEqualTo("blue");
    runtime()
        .jobHosts()
        .stop(ApplicationId.of("mortal"), Duration.ofSeconds(2))
        .get(60, TimeUnit.SECONDS);
  }

  final Wiring wiring() {
    return wiring;
  }

  final FunctionRuntime runtime() {
    return wiring.runtime();
  }

  private Path ticks(String application) {
    return app.resolveSibling("ticks-" + application);
  }

  private void deploy(String id, String colour) throws Exception {
    Files.createDirectories(ticks(id));
    runtime()
        .jobHosts()
        .start(worker.application(id, app, colour, ticks(id)))
        .get(60, TimeUnit.SECONDS);
  }

  final CompletableFuture<InvocationResult> invoke(
      String application, String function, Duration timeout) {
    Payload request =
        new Payload.HttpRequest(
            "GET", "http://host/api/" + function, Map.of(), Map.of(), Map.of(), Payload.empty());
    return runtime()
        .router()
        .invoke(
            Invocation.of(ApplicationId.of(application), function, request).withTimeout(timeout));
  }

  final WorkerInfo worker(String application) {
    return runtime().workers().workers().stream()
        .filter(info -> info.application().equals(Optional.of(ApplicationId.of(application))))
        .filter(info -> info.state() == WorkerState.READY)
        .findFirst()
        .orElseThrow();
  }

  private boolean serves(String application, WorkerInfo worker) {
    return runtime().workers().workers().stream()
        .filter(info -> info.application().equals(Optional.of(ApplicationId.of(application))))
        .anyMatch(info -> info.id().equals(worker.id()));
  }

  /** Of all workers, children of this process or of its agent. */
  private static List<Long> processes() {
    return ProcessHandle.current()
        .descendants()
        .filter(
            process -> process.info().commandLine().orElse("").contains("--functions-worker-id"))
        .map(ProcessHandle::pid)
        .toList();
  }

  private static void assertGone(long process) {
    assertThat(ProcessHandle.of(process).filter(ProcessHandle::isAlive)).isEmpty();
  }

  final HttpResponse<String> get(String application, String function) throws Exception {
    return client
        .sendAsync(
            HttpRequest.newBuilder(
                    Wiring.endpoint(runtime(), "http")
                        .resolve("/apps/" + application + "/api/" + function))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .get(60, TimeUnit.SECONDS);
  }

  private byte[] post(String application, byte[] body) throws Exception {
    return client
        .sendAsync(
            HttpRequest.newBuilder(
                    Wiring.endpoint(runtime(), "http")
                        .resolve("/apps/" + application + "/api/echo"))
                .header("content-type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray())
        .get(60, TimeUnit.SECONDS)
        .body();
  }
}
