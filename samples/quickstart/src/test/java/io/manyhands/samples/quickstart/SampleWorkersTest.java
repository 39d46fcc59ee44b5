/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.JobHostInfo;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerStack;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The Runtime with the model workers in Node.js and Python, where this machine can run them. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class SampleWorkersTest {
  private static final Path MODULE = Path.of("").toAbsolutePath();
  private static final Path MODELS = MODULE.resolve("src/test/apps/models");

  /** The demo's: what npm has installed is used again. */
  private static final WorkersFolder WORKERS =
      new WorkersFolder(MODULE.getParent().getParent(), MODULE.resolve("target/demo/workers"));

  @TempDir Path temporary;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void layOut() throws Exception {
    WORKERS.assemble();
    WORKERS
        .absent()
        .forEach(
            (stack, why) -> System.out.println("skipped: samples/workers/" + stack + ": " + why));
  }

  @ParameterizedTest
  @ValueSource(strings = {"node", "python"})
  void servesTwoApplicationsOverHttpAndLeavesNothing(String language) throws Exception {
    List<Long> processes;
    try (FunctionRuntime runtime = start(language)) {
      deploy(runtime, application(language, "first", MODELS.resolve(language), "red"));
      deploy(runtime, application(language, "second", MODELS.resolve(language), "blue"));

      HttpResponse<String> first = get(runtime, "/apps/first/api/describe/7?q=x%20y");
      assertThat(first.statusCode()).isEqualTo(203);
      assertThat(first.headers().firstValue("x-mine")).hasValue("said");
      assertThat(first.headers().firstValue("content-type").orElse("")).contains("json");
      assertThat(first.body()).contains("red", "\"7\"", "x y");
      assertThat(get(runtime, "/apps/second/api/describe/8?q=z").body()).contains("blue", "\"8\"");

      byte[] binary = {0, -1, 127, -128, 10};
      assertThat(post(runtime, "/apps/first/api/echo", binary)).isEqualTo(binary);

      HttpResponse<String> failed = get(runtime, "/apps/first/api/fail");
      assertThat(failed.statusCode()).isEqualTo(500);
      assertThat(failed.body()).doesNotContain("index.js", "function_app.py", " at ");
      assertThat(invoke(runtime, "first", "fail").error().orElseThrow().message())
          .contains("it was meant to fail");
      processes =
          runtime.workers().workers().stream()
              .flatMap(worker -> worker.processId().stream().boxed())
              .toList();
    }
    assertThat(processes).hasSizeGreaterThanOrEqualTo(2);
    assertThat(processes)
        .noneMatch(id -> ProcessHandle.of(id).filter(ProcessHandle::isAlive).isPresent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"node", "python"})
  void workerThatDiesInACallIsReplacedAndItsCallSaysSo(String language) throws Exception {
    try (FunctionRuntime runtime = start(language)) {
      deploy(runtime, application(language, "first", MODELS.resolve(language), "red"));
      assertThat(get(runtime, "/apps/first/api/describe/1?q=a").statusCode()).isEqualTo(203);
      WorkerInfo before = serving(runtime);

      InvocationResult lost = invoke(runtime, "first", "die");

      assertThat(lost.error().orElseThrow().code()).isEqualTo(ErrorCode.WORKER_LOST);
      assertThat(get(runtime, "/apps/first/api/describe/2?q=b").statusCode()).isEqualTo(203);
      assertThat(serving(runtime).id()).isNotEqualTo(before.id());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"node", "python"})
  void linesOfAFunctionReachItsLoggerWithItsContext(String language) throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("io.manyhands.app.first.describe");
    Queue<Map<String, String>> contexts = new ConcurrentLinkedQueue<>();
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            if (event.getFormattedMessage().contains("described 7")) {
              contexts.add(event.getMDCPropertyMap());
            }
          }
        };
    appender.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(appender);
    try (FunctionRuntime runtime = start(language)) {
      deploy(runtime, application(language, "first", MODELS.resolve(language), "red"));
      assertThat(get(runtime, "/apps/first/api/describe/7?q=a").statusCode()).isEqualTo(203);

      await().atMost(Duration.ofSeconds(60)).until(() -> !contexts.isEmpty());

      assertThat(contexts.remove())
          .containsEntry("app", "first")
          .containsEntry("function", "describe")
          .containsKeys("invocation", "worker");
    } finally {
      logger.detachAppender(appender);
      logger.setLevel(null);
    }
  }

  @ParameterizedTest
  @CsvSource({"node, index.js, Unexpected identifier", "python, function_app.py, invalid syntax"})
  void applicationThatDoesNotParseFailsNamingItsErrorAndDisturbsNobody(
      String language, String script, String error) throws Exception {
    try (FunctionRuntime runtime = start(language)) {
      deploy(runtime, application(language, "first", MODELS.resolve(language), "red"));
      Path broken = Files.createDirectories(temporary.resolve("broken"));
      Files.writeString(broken.resolve("host.json"), "{\"version\": \"2.0\"}");
      Files.writeString(broken.resolve(script), "this is not a program");

      runtime
          .jobHosts()
          .start(application(language, "broken", broken, "red"))
          .handle((started, problem) -> true)
          .get(120, TimeUnit.SECONDS);

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> info(runtime).state() == JobHostState.FAILED);
      assertThat(info(runtime).failure().orElseThrow()).contains(error);
      assertThat(get(runtime, "/apps/broken/api/describe/1").statusCode()).isEqualTo(503);
      assertThat(get(runtime, "/apps/first/api/describe/1?q=a").statusCode()).isEqualTo(203);
    }
  }

  private static JobHostInfo info(FunctionRuntime runtime) {
    return runtime.jobHosts().find(ApplicationId.of("broken")).orElseThrow();
  }

  private FunctionRuntime start(String language) {
    assumeTrue(
        WORKERS.present().contains(language),
        () -> language + ": " + WORKERS.absent().get(language));
    FunctionRuntime runtime =
        ManyhandsRuntime.builder()
            .options(
                RuntimeOptions.builder()
                    .runtimeId("models")
                    .stateDirectory(temporary.resolve("state"))
                    .drainGrace(Duration.ofSeconds(2))
                    .placeholders(WorkerStack.of(language), 1)
                    .build())
            .transport("grpc", Map.of())
            .provisioner("local", Map.of("workersDirectory", WORKERS.directory().toString()))
            .trigger("http", Map.of())
            .build();
    runtime.startAndWait(Duration.ofSeconds(60));
    return runtime;
  }

  private static ApplicationDefinition application(
      String language, String id, Path directory, String colour) {
    return ApplicationDefinition.builder(id)
        .tenant("acme")
        .stack(WorkerStack.of(language))
        .content(ApplicationContent.directory(directory))
        .setting("COLOUR", colour)
        .build();
  }

  private static void deploy(FunctionRuntime runtime, ApplicationDefinition definition)
      throws Exception {
    runtime.jobHosts().start(definition).get(120, TimeUnit.SECONDS);
  }

  private static WorkerInfo serving(FunctionRuntime runtime) {
    return runtime.workers().workers().stream()
        .filter(worker -> worker.application().equals(Optional.of(ApplicationId.of("first"))))
        .findFirst()
        .orElseThrow();
  }

  private static InvocationResult invoke(
      FunctionRuntime runtime, String application, String function) throws Exception {
    Payload request =
        new Payload.HttpRequest(
            "GET", "http://host/api/" + function, Map.of(), Map.of(), Map.of(), Payload.empty());
    return runtime
        .router()
        .invoke(Invocation.of(ApplicationId.of(application), function, request))
        .get(120, TimeUnit.SECONDS);
  }

  private HttpResponse<String> get(FunctionRuntime runtime, String path) throws Exception {
    return client
        .sendAsync(
            HttpRequest.newBuilder(http(runtime).resolve(path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .get(120, TimeUnit.SECONDS);
  }

  private byte[] post(FunctionRuntime runtime, String path, byte[] body) throws Exception {
    return client
        .sendAsync(
            HttpRequest.newBuilder(http(runtime).resolve(path))
                .header("content-type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray())
        .get(120, TimeUnit.SECONDS)
        .body();
  }

  private static URI http(FunctionRuntime runtime) {
    return runtime.endpoints().stream()
        .filter(endpoint -> endpoint.name().equals("http"))
        .findFirst()
        .orElseThrow()
        .uri();
  }
}
