/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.ManyhandsRuntime;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The Runtime with processes that behave as each official worker was measured to. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class OfficialWorkersTest {
  private static final Path DOUBLES =
      Path.of("")
          .toAbsolutePath()
          .getParent()
          .getParent()
          .resolve("workers/doubles/target/workers");

  @TempDir Path temporary;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @ParameterizedTest
  @ValueSource(strings = {"node-v4", "node-v3", "java", "python-v2", "python-v1", "go"})
  void servesTwoApplicationsOverHttpAndTheRouter(String mode) throws Exception {
    FunctionRuntime runtime = start(mode);
    List<Long> processes;
    try (runtime) {
      Path app = DoubleApps.write(mode, temporary.resolve("app"));
      deploy(runtime, DoubleApps.application(mode, "first", app, "red"));
      deploy(runtime, DoubleApps.application(mode, "second", app, "blue"));

      assertThat(get(runtime, "/apps/first/api/env").body()).isEqualTo("red");
      assertThat(get(runtime, "/apps/second/api/env").body()).isEqualTo("blue");
      assertThat(worker(runtime, "first").id()).isNotEqualTo(worker(runtime, "second").id());
      assertThat(get(runtime, "/apps/first/api/sum?a=20&b=22").body()).isEqualTo("42");

      HttpRequest described =
          HttpRequest.newBuilder(http(runtime).resolve("/apps/first/api/describe/7/a/b?q=x%20y"))
              .header("X-Mine", "said")
              .build();
      assertThat(client.send(described, HttpResponse.BodyHandlers.ofString()).body())
          .contains("\"id\":\"7\"", "\"rest\":\"a/b\"", "\"q\":\"x y\"", "\"x-mine\":\"said\"")
          .contains("\"url\":\"http://");

      byte[] binary = {0, -1, 127, -128, 10};
      assertThat(post(runtime, "application/octet-stream", binary).body()).isEqualTo(binary);
      byte[] json = "{\"a\":[1,\"\u00e4\"]}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      assertThat(post(runtime, "application/json", json).body()).isEqualTo(json);

      assertThat(get(runtime, "/apps/first/api/cookies").headers().allValues("set-cookie"))
          .anyMatch(cookie -> cookie.startsWith("plain=1"))
          .anyMatch(cookie -> cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
      assertThat(get(runtime, "/apps/first/api/teapot").statusCode()).isEqualTo(418);
      assertThat(get(runtime, "/apps/first/api/fail").statusCode()).isEqualTo(500);
      InvocationResult failed = invoke(runtime, "first", "fail", Duration.ofSeconds(60));
      assertThat(failed.error().orElseThrow().message()).contains("it was meant to fail");
      assertLogged(runtime, mode);
      processes = processes(runtime);
    }
    assertThat(processes).isNotEmpty().allSatisfy(OfficialWorkersTest::assertGone);
  }

  @ParameterizedTest
  @ValueSource(strings = {"node-v4", "node-v3", "java", "python-v2", "python-v1", "go"})
  void lostAndOverrunWorkersAreReplacedAndGone(String mode) throws Exception {
    try (FunctionRuntime runtime = start(mode)) {
      Path app = DoubleApps.write(mode, temporary.resolve("app"));
      deploy(runtime, DoubleApps.application(mode, "first", app, "red"));
      assertThat(get(runtime, "/apps/first/api/env").body()).isEqualTo("red");
      WorkerInfo first = worker(runtime, "first");

      InvocationResult lost = invoke(runtime, "first", "die", Duration.ofSeconds(60));
      assertThat(lost.error().orElseThrow().code()).isEqualTo(ErrorCode.WORKER_LOST);
      // The second worker of this revision loads what the first one indexed.
      assertThat(get(runtime, "/apps/first/api/env").body()).isEqualTo("red");
      WorkerInfo second = worker(runtime, "first");
      assertThat(second.id()).isNotEqualTo(first.id());

      InvocationResult late = invoke(runtime, "first", "sleep", Duration.ofMillis(300));
      assertThat(late.error().orElseThrow().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertGone(second.processId().orElseThrow()));
      assertThat(get(runtime, "/apps/first/api/env").body()).isEqualTo("red");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"node-v4", "java", "python-v2", "python-v1"})
  void changedSettingRollsToANewWorker(String mode) throws Exception {
    try (FunctionRuntime runtime = start(mode)) {
      Path app = DoubleApps.write(mode, temporary.resolve("app"));
      deploy(runtime, DoubleApps.application(mode, "first", app, "red"));
      assertThat(get(runtime, "/apps/first/api/env").body()).isEqualTo("red");
      WorkerInfo old = worker(runtime, "first");

      runtime
          .jobHosts()
          .update(DoubleApps.application(mode, "first", app, "green"))
          .get(60, TimeUnit.SECONDS);

      assertThat(get(runtime, "/apps/first/api/env").body()).isEqualTo("green");
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertGone(old.processId().orElseThrow()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"node-v4", "java", "python-v1"})
  void brokenApplicationsAreRefusedAndDisturbNobody(String mode) throws Exception {
    try (FunctionRuntime runtime = start(mode)) {
      Path app = DoubleApps.write(mode, temporary.resolve("app"));
      deploy(runtime, DoubleApps.application(mode, "first", app, "red"));
      Path absent = temporary.resolve("nowhere");

      assertThatThrownBy(
              () -> deploy(runtime, DoubleApps.application(mode, "absent", absent, "red")))
          .hasMessageContaining("nowhere");
      if (!DoubleApps.indexes(mode)) {
        Path broken = DoubleApps.write(mode, temporary.resolve("broken"));
        Files.writeString(broken.resolve("sum/function.json"), "{\"bindings\": [");
        deploy(runtime, DoubleApps.application(mode, "broken", broken, "red"));
        assertThat(runtime.jobHosts().find(ApplicationId.of("broken")).orElseThrow().functions())
            .anySatisfy(
                function ->
                    assertThat(function.problem())
                        .hasValueSatisfying(problem -> assertThat(problem).contains("sum")));
        assertThat(get(runtime, "/apps/broken/api/env").body()).isEqualTo("red");
      }
      assertThat(get(runtime, "/apps/first/api/env").body()).isEqualTo("red");
    }
  }

  private FunctionRuntime start(String mode) {
    FunctionRuntime runtime =
        ManyhandsRuntime.builder()
            .options(
                RuntimeOptions.builder()
                    .runtimeId("doubles")
                    .stateDirectory(temporary.resolve("state"))
                    .drainGrace(Duration.ofSeconds(2))
                    .terminateGrace(Duration.ofSeconds(1))
                    .placeholders(WorkerStack.of(DoubleApps.language(mode)), 1)
                    .build())
            .transport("grpc", Map.of())
            .provisioner("local", Map.of("workersDirectory", DOUBLES.resolve(mode).toString()))
            .trigger("http", Map.of())
            .build();
    runtime.startAndWait(Duration.ofSeconds(60));
    return runtime;
  }

  private void assertLogged(FunctionRuntime runtime, String mode) throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("io.manyhands.app.first");
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
          }
        };
    appender.start();
    Level before = logger.getLevel();
    logger.setLevel(Level.INFO);
    logger.addAppender(appender);
    try {
      assertThat(get(runtime, "/apps/first/api/logs").statusCode()).isEqualTo(200);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> assertThat(lines).anyMatch(line -> line.contains("a line of the function")));
      assertThat(lines.stream().anyMatch(line -> line.contains("invoked by Java Worker")))
          .isEqualTo(mode.equals("java"));
    } finally {
      logger.detachAppender(appender);
      logger.setLevel(before);
    }
  }

  private static void deploy(FunctionRuntime runtime, ApplicationDefinition definition)
      throws Exception {
    runtime.jobHosts().start(definition).get(60, TimeUnit.SECONDS);
  }

  private static InvocationResult invoke(
      FunctionRuntime runtime, String application, String function, Duration timeout)
      throws Exception {
    Payload request =
        new Payload.HttpRequest(
            "GET", "http://host/api/" + function, Map.of(), Map.of(), Map.of(), Payload.empty());
    return runtime
        .router()
        .invoke(
            Invocation.of(ApplicationId.of(application), function, request).withTimeout(timeout))
        .get(90, TimeUnit.SECONDS);
  }

  private static WorkerInfo worker(FunctionRuntime runtime, String application) {
    return runtime.workers().workers().stream()
        .filter(worker -> worker.application().equals(Optional.of(ApplicationId.of(application))))
        .filter(worker -> worker.state() == WorkerState.READY)
        .findFirst()
        .orElseThrow();
  }

  private static List<Long> processes(FunctionRuntime runtime) {
    return runtime.workers().workers().stream()
        .flatMap(worker -> worker.processId().stream().boxed())
        .toList();
  }

  private static void assertGone(long process) {
    assertThat(ProcessHandle.of(process).filter(ProcessHandle::isAlive)).isEmpty();
  }

  private HttpResponse<String> get(FunctionRuntime runtime, String path) throws Exception {
    return client
        .sendAsync(
            HttpRequest.newBuilder(http(runtime).resolve(path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .get(60, TimeUnit.SECONDS);
  }

  private HttpResponse<byte[]> post(FunctionRuntime runtime, String type, byte[] body)
      throws Exception {
    return client
        .sendAsync(
            HttpRequest.newBuilder(http(runtime).resolve("/apps/first/api/echo"))
                .header("content-type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray())
        .get(60, TimeUnit.SECONDS);
  }

  private static URI http(FunctionRuntime runtime) {
    return runtime.endpoints().stream()
        .filter(endpoint -> endpoint.name().equals("http"))
        .findFirst()
        .orElseThrow()
        .uri();
  }
}
