/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
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
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.provisioner.external.ExpectedWorker;
import io.manyhands.provisioner.external.ExternalProvisionerPlugin;
import io.manyhands.support.launch.LaunchSettings;
import io.manyhands.support.launch.WorkerCommands;
import io.manyhands.support.launch.WorkersDirectory;
import io.manyhands.testkit.SocketProxy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Java worker's process and the whole Runtime, with a network between them that breaks. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ReturningWorkerTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();
  private static final ApplicationId APP = ApplicationId.of("orders");
  private static final WorkerStack JAVA = WorkerStack.of("manyhands-java");

  @TempDir Path temporary;

  private final ExternalProvisionerPlugin external = new ExternalProvisionerPlugin();
  private FunctionRuntime runtime;
  private SocketProxy proxy;
  private Process process;
  private WorkerId worker;

  @BeforeEach
  void start() throws Exception {
    runtime =
        ManyhandsRuntime.builder()
            .options(
                RuntimeOptions.builder()
                    .runtimeId("returning")
                    .stateDirectory(temporary.resolve("state"))
                    .resumeGrace(Duration.ofSeconds(20))
                    .build())
            .plugin(external)
            .transport("grpc", Map.of())
            .provisioner("external", Map.of("stacks", JAVA.toString()))
            .build();
    runtime.startAndWait(Duration.ofSeconds(60));
    URI endpoint = runtime.endpoints().get(0).uri();
    proxy = new SocketProxy(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()));
    ExpectedWorker expected = external.workers().expect(JAVA, 1).get(0);
    worker = expected.id();
    process = launch(expected, endpoint.getPort());
    Files.createDirectories(temporary.resolve("marks"));
    runtime
        .jobHosts()
        .start(
            ApplicationDefinition.builder(APP.value())
                .tenant("acme")
                .stack(JAVA)
                .content(ApplicationContent.directory(ROOT.resolve("samples/apps/java/target/app")))
                .setting("MARKS", temporary.resolve("marks").toString())
                .build())
        .get(60, TimeUnit.SECONDS);
    assertThat(hello().get(60, TimeUnit.SECONDS).succeeded()).isTrue();
  }

  @AfterEach
  void stop() throws Exception {
    try {
      runtime.close();
      proxy.close();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the worker ended").isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void callThatRunsWhileItsConnectionIsCutIsAnswered() throws Exception {
    CompletableFuture<InvocationResult> slow = slow(2);
    await().atMost(Duration.ofSeconds(60)).until(() -> marks().contains("running"));

    proxy.cut();

    assertThat(slow.get(60, TimeUnit.SECONDS).orThrow().returnValue().asText()).isEqualTo("done");
    assertSameWorkerIsReady();
  }

  @Test
  void answerThatWasGivenWhileNothingReachedTheRuntimeArrivesOnce() throws Exception {
    CompletableFuture<InvocationResult> slow = slow(1);
    await().atMost(Duration.ofSeconds(60)).until(() -> marks().contains("running"));

    proxy.hold(SocketProxy.Direction.TO_TARGET);
    proxy.cut();
    await().atMost(Duration.ofSeconds(60)).until(() -> marks().contains("done"));
    await().atMost(Duration.ofSeconds(60)).until(() -> state() == WorkerState.DISCONNECTED);
    assertThat(slow).isNotDone();
    proxy.heal();

    assertThat(slow.get(60, TimeUnit.SECONDS).orThrow().returnValue().asText()).isEqualTo("done");
    assertSameWorkerIsReady();
  }

  @Test
  void everyCallOfManyCutsCompletesAndTheWorkerStaysTheSame() throws Exception {
    List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
    for (int round = 0; round < 10; round++) {
      for (int call = 0; call < 50; call++) {
        calls.add(hello());
      }
      proxy.cut();
      await().atMost(Duration.ofSeconds(60)).until(() -> state() == WorkerState.READY);
    }
    int lost = 0;
    for (CompletableFuture<InvocationResult> call : calls) {
      InvocationResult result = call.get(60, TimeUnit.SECONDS);
      if (result.succeeded()) {
        assertThat(result.returnValue().toString()).contains("Hello, you");
      } else {
        // Its request was on the way when the connection was cut.
        assertThat(result.error().orElseThrow().code()).isEqualTo(ErrorCode.WORKER_LOST);
        lost++;
      }
    }
    assertThat(lost).isLessThan(calls.size());
    assertSameWorkerIsReady();
  }

  private void assertSameWorkerIsReady() throws Exception {
    assertThat(hello().get(60, TimeUnit.SECONDS).succeeded()).isTrue();
    assertThat(runtime.workers().workers())
        .extracting(WorkerInfo::id, WorkerInfo::state)
        .containsExactly(tuple(worker, WorkerState.READY));
    assertThat(process.isAlive()).isTrue();
  }

  private WorkerState state() {
    return runtime.workers().workers().get(0).state();
  }

  private CompletableFuture<InvocationResult> hello() {
    return call("hello", "GET", Map.of("name", "you"));
  }

  private CompletableFuture<InvocationResult> slow(int seconds) {
    return call("slow", "POST", Map.of("seconds", Integer.toString(seconds)));
  }

  private CompletableFuture<InvocationResult> call(
      String function, String method, Map<String, String> parameters) {
    Payload request =
        new Payload.HttpRequest(
            method, "http://host/api", Map.of(), Map.of(), parameters, Payload.empty());
    return runtime.router().invoke(Invocation.of(APP, function, request));
  }

  /** What the slow calls say of themselves. */
  private List<String> marks() throws Exception {
    List<String> words = new ArrayList<>();
    try (Stream<Path> files = Files.list(temporary.resolve("marks"))) {
      for (Path file : files.toList()) {
        words.add(Files.readString(file));
      }
    }
    return words;
  }

  /** As the worker's own file says, but that it dials the proxy. */
  private Process launch(ExpectedWorker expected, int port) throws Exception {
    WorkersDirectory workers = WorkersDirectory.scan(ROOT.resolve("workers/java/target/workers"));
    String from = Integer.toString(port);
    String to = Integer.toString(proxy.address().getPort());
    List<String> arguments =
        expected.arguments().stream()
            .map(word -> word.equals(from) ? to : word.replace(":" + from + "/", ":" + to + "/"))
            .toList();
    List<String> command =
        new WorkerCommands(LaunchSettings.ofPath(System.getProperty("java.home") + "/bin"))
            .resolve(workers.require(JAVA.language()), null)
            .commandLine(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(temporary.resolve("worker.log").toFile())
        .start();
  }
}
