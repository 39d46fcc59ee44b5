/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.ManyhandsRuntime;
import java.io.IOException;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Runtime with real processes, sockets and files, as an embedder has it. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class WholeRuntimeTest {
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent().getParent();
  private static final Path WORKERS = REPOSITORY.resolve("workers/java/target/workers");
  private static final Path APP = REPOSITORY.resolve("samples/apps/java/target/app");
  private static final WorkerStack JAVA = WorkerStack.of("manyhands-java");

  @TempDir Path temporary;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Test
  void httpAnswersAreThoseOfTheTable() throws Exception {
    try (FunctionRuntime runtime = start(Map.of("maximumBodyBytes", "1000"))) {
      deploy(runtime, "orders");

      assertThat(get(runtime, "/apps/orders/api/hello/you").body()).isEqualTo("Hello, you");
      assertThat(
              get(runtime, "/apps/orders/api/hello/you")
                  .headers()
                  .firstValue("x-manyhands-invocation"))
          .isPresent();
      assertThat(get(runtime, "/apps/nobody/api/hello/you").statusCode()).isEqualTo(404);
      assertThat(get(runtime, "/apps/orders/api/nothing").statusCode()).isEqualTo(404);
      HttpResponse<String> wrongMethod = get(runtime, "/apps/orders/api/slow/1");
      assertThat(wrongMethod.statusCode()).isEqualTo(405);
      assertThat(wrongMethod.headers().firstValue("allow")).contains("POST");
      assertThat(post(runtime, "/apps/orders/api/hello/you", "x".repeat(2000)).join().statusCode())
          .isEqualTo(413);
      assertThat(post(runtime, "/apps/orders/api/slow/notanumber", "").join().statusCode())
          .isEqualTo(500);
      assertThat(get(runtime, "/apps/orders/api/%2e%2e/hello").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void killedWorkersCallIsAnsweredAndTheApplicationServesAgain() throws Exception {
    try (FunctionRuntime runtime = start(Map.of())) {
      deploy(runtime, "orders");
      CompletableFuture<HttpResponse<String>> doomed =
          post(runtime, "/apps/orders/api/slow/60", "");
      await().atMost(Duration.ofSeconds(60)).until(() -> marked("slow-"));
      WorkerInfo worker = workerOf(runtime, "orders");

      ProcessHandle.of(worker.processId().orElseThrow()).orElseThrow().destroyForcibly();

      assertThat(doomed.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(502);
      assertThat(get(runtime, "/apps/orders/api/hello/again").statusCode()).isEqualTo(200);
      assertThat(workerOf(runtime, "orders").id()).isNotEqualTo(worker.id());
    }
  }

  @Test
  void callOverItsDeadlineIsCancelledInAWorkerThatCan() throws Exception {
    try (FunctionRuntime runtime = start(Map.of())) {
      deploy(runtime, "orders");
      Payload request =
          new Payload.HttpRequest(
              "POST",
              "http://host/api/slow/60",
              Map.of(),
              Map.of(),
              Map.of("seconds", "60"),
              Payload.empty());

      InvocationResult result =
          runtime
              .router()
              .invoke(
                  Invocation.of(ApplicationId.of("orders"), "slow", request)
                      .withTimeout(Duration.ofSeconds(2)))
              .get(60, TimeUnit.SECONDS);

      assertThat(result.error().orElseThrow().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> workerOf(runtime, "orders").inFlight() == 0);
      assertThat(runtime.metrics().counter("session.quarantined")).isZero();
    }
  }

  @Test
  void timerFires() throws Exception {
    try (FunctionRuntime runtime = start(Map.of())) {
      deploy(runtime, "orders");

      await().atMost(Duration.ofSeconds(60)).until(() -> marked("tick-orders"));
      assertThat(Files.readString(temporary.resolve("marks/tick-orders")))
          .contains("\"IsPastDue\":false");
    }
  }

  @Test
  void workersSeeNothingOfTheRuntimesEnvironmentNorOfAnotherApplications() throws Exception {
    try (FunctionRuntime runtime = start(Map.of())) {
      deploy(runtime, "orders");
      WorkerInfo worker = workerOf(runtime, "orders");
      String environment =
          Files.readString(
              Path.of("/proc/" + worker.processId().orElseThrow() + "/environ"),
              java.nio.charset.StandardCharsets.ISO_8859_1);

      for (String name : System.getenv().keySet()) {
        if (!List.of("PATH", "HOME", "LANG", "TMPDIR").contains(name)) {
          assertThat(environment).doesNotContain("\0" + name + "=");
        }
      }
    }
  }

  @Test
  void closeLeavesNoProcessAndNoPrivateDirectory() throws Exception {
    FunctionRuntime runtime = start(Map.of());
    deploy(runtime, "orders");
    List<Long> processes =
        runtime.workers().workers().stream()
            .map(worker -> worker.processId().orElseThrow())
            .toList();
    assertThat(processes).isNotEmpty();

    runtime.close();

    assertThat(processes)
        .allSatisfy(
            process ->
                assertThat(ProcessHandle.of(process).filter(ProcessHandle::isAlive)).isEmpty());
    try (Stream<Path> left = Files.walk(temporary.resolve("state"))) {
      assertThat(left.filter(path -> path.getFileName().toString().equals("home"))).isEmpty();
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("whole-"));
  }

  @Test
  void severalTenantsOnLocalWorkersNeedTheOptionByName() throws Exception {
    FunctionRuntime runtime =
        ManyhandsRuntime.builder()
            .options(
                RuntimeOptions.builder()
                    .runtimeId("whole")
                    .stateDirectory(temporary.resolve("state"))
                    .build())
            .transport("grpc", Map.of())
            .provisioner("local", Map.of("workersDirectory", WORKERS.toString()))
            .build();
    try (runtime) {
      runtime.startAndWait(Duration.ofSeconds(60));
      deploy(runtime, "orders");
      ApplicationDefinition other =
          application("other", APP).toBuilder().tenant("somebody-else").build();

      assertFails(runtime, other, "sharedLocalTrust");
    }
  }

  private FunctionRuntime start(Map<String, String> http) {
    FunctionRuntime runtime = build(Map.of(), http, WORKERS);
    runtime.startAndWait(Duration.ofSeconds(60));
    return runtime;
  }

  private FunctionRuntime build(Map<String, String> grpc, Map<String, String> http, Path workers) {
    return ManyhandsRuntime.builder()
        .options(
            RuntimeOptions.builder()
                .runtimeId("whole")
                .stateDirectory(temporary.resolve("state"))
                .sharedLocalTrust(true)
                .drainGrace(Duration.ofSeconds(5))
                .placeholders(JAVA, 1)
                .build())
        .transport("grpc", grpc)
        .provisioner("local", Map.of("workersDirectory", workers.toString()))
        .trigger("http", http)
        .build();
  }

  private ApplicationDefinition application(String id, Path directory) {
    return ApplicationDefinition.builder(id)
        .tenant("acme")
        .stack(JAVA)
        .content(ApplicationContent.directory(directory))
        .setting("APP", id)
        .setting("MARKS", temporary.resolve("marks").toString())
        .build();
  }

  private void deploy(FunctionRuntime runtime, String id) throws Exception {
    Files.createDirectories(temporary.resolve("marks"));
    runtime.jobHosts().start(application(id, APP)).get(60, TimeUnit.SECONDS);
  }

  private static void assertFails(
      FunctionRuntime runtime, ApplicationDefinition definition, String reason) {
    assertThatThrownBy(() -> runtime.jobHosts().start(definition).get(60, TimeUnit.SECONDS))
        .hasMessageContaining(reason);
  }

  private boolean marked(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(temporary.resolve("marks"))) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith(prefix));
    }
  }

  private static WorkerInfo workerOf(FunctionRuntime runtime, String application) {
    return runtime.workers().workers().stream()
        .filter(worker -> worker.application().equals(Optional.of(ApplicationId.of(application))))
        .findFirst()
        .orElseThrow();
  }

  private HttpResponse<String> get(FunctionRuntime runtime, String path) throws Exception {
    return client
        .sendAsync(
            HttpRequest.newBuilder(http(runtime).resolve(path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .get(60, TimeUnit.SECONDS);
  }

  private CompletableFuture<HttpResponse<String>> post(
      FunctionRuntime runtime, String path, String body) {
    return client.sendAsync(
        HttpRequest.newBuilder(http(runtime).resolve(path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static URI http(FunctionRuntime runtime) {
    return runtime.endpoints().stream()
        .filter(endpoint -> endpoint.name().equals("http"))
        .findFirst()
        .orElseThrow()
        .uri();
  }
}
