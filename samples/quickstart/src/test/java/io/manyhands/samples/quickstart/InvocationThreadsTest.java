/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.provisioner.external.ExternalProvisionerPlugin;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On which thread each step of a warm invocation runs, over real gRPC. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class InvocationThreadsTest {
  private static final ApplicationId APP = ApplicationId.of("echo");
  private static final WorkerStack LIGHT = WorkerStack.of("light");

  @TempDir Path temporary;

  private final RecordingHttpPlugin http = new RecordingHttpPlugin();

  @Test
  void noExecutorStandsBetweenCallerAndWireNorBetweenWireAndCompletion() throws Exception {
    RecordingTransportPlugin transport = new RecordingTransportPlugin();
    ExternalProvisionerPlugin external = new ExternalProvisionerPlugin();
    try (FunctionRuntime runtime = runtime(transport, external)) {
      runtime.startAndWait(Duration.ofSeconds(60));
      URI endpoint = runtime.endpoints().get(0).uri();
      String id = external.workers().expect(LIGHT, 1).get(0).id().value();
      ManagedChannel channel =
          NettyChannelBuilder.forAddress(endpoint.getHost(), endpoint.getPort())
              .usePlaintext()
              .directExecutor()
              .build();
      try {
        HeldWorker worker = new HeldWorker(channel, id);
        runtime.jobHosts().start(application()).get(60, TimeUnit.SECONDS);
        CompletableFuture<InvocationResult> cold =
            runtime.router().invoke(Invocation.of(APP, "echo", new Payload.Text("cold")));
        worker.answerNext();
        assertThat(cold.get(60, TimeUnit.SECONDS).succeeded()).isTrue();
        transport.forget();

        // The worker holds its answer, so that nothing can complete before this thread listens.
        CompletableFuture<Thread> completed =
            runtime
                .router()
                .invoke(Invocation.of(APP, "echo", new Payload.Text("warm")))
                .thenApply(result -> Thread.currentThread());
        worker.answerNext();

        Thread completion = completed.get(60, TimeUnit.SECONDS);
        assertThat(transport.sent())
            .as("handed to the transport")
            .containsExactly(Thread.currentThread());
        assertThat(transport.heard()).as("answer decoded").hasSize(1);
        assertThat(completion).as("completed").isSameAs(transport.heard().get(0));
        assertThat(completion.getName()).startsWith("manyhands-grpc");
      } finally {
        channel.shutdownNow();
        assertThat(channel.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Test
  void requestGoesToTheWireOnItsServersThreadAndItsAnswerIsHandedOverOnTheWires() throws Exception {
    RecordingTransportPlugin transport = new RecordingTransportPlugin();
    ExternalProvisionerPlugin external = new ExternalProvisionerPlugin();
    try (FunctionRuntime runtime = runtime(transport, external)) {
      runtime.startAndWait(Duration.ofSeconds(60));
      String id = external.workers().expect(LIGHT, 1).get(0).id().value();
      URI grpc = endpoint(runtime, "grpc");
      ManagedChannel channel =
          NettyChannelBuilder.forAddress(grpc.getHost(), grpc.getPort())
              .usePlaintext()
              .directExecutor()
              .build();
      try {
        HeldWorker worker = new HeldWorker(channel, id);
        runtime.jobHosts().start(application()).get(60, TimeUnit.SECONDS);
        HttpRequest request =
            HttpRequest.newBuilder(endpoint(runtime, "http").resolve("/apps/echo/api/echo"))
                .build();
        assertThat(answered(request, worker)).isEqualTo(204);
        transport.forget();
        http.forget();

        assertThat(answered(request, worker)).isEqualTo(204);

        assertThat(http.submitted()).hasSize(1);
        assertThat(http.submitted().get(0).getName()).startsWith("manyhands-http");
        assertThat(transport.sent())
            .as("handed to the transport")
            .containsExactlyElementsOf(http.submitted());
        assertThat(http.completed())
            .as("handed to the server")
            .containsExactlyElementsOf(transport.heard());
        assertThat(http.completed().get(0).getName()).startsWith("manyhands-grpc");
      } finally {
        channel.shutdownNow();
        assertThat(channel.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  private static int answered(HttpRequest request, HeldWorker worker) throws Exception {
    CompletableFuture<HttpResponse<String>> answer =
        HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofString());
    worker.answerNext();
    return answer.get(60, TimeUnit.SECONDS).statusCode();
  }

  private static URI endpoint(FunctionRuntime runtime, String name) {
    return runtime.endpoints().stream()
        .filter(endpoint -> endpoint.name().equals(name))
        .findFirst()
        .orElseThrow()
        .uri();
  }

  private FunctionRuntime runtime(
      RecordingTransportPlugin transport, ExternalProvisionerPlugin external) {
    return ManyhandsRuntime.builder()
        .options(
            RuntimeOptions.builder()
                .runtimeId("threads")
                .stateDirectory(temporary.resolve("state"))
                .directCompletion(true)
                .build())
        .discoverPlugins(false)
        .plugin(transport)
        .plugin(http)
        .plugin(external)
        .transport("grpc", Map.of())
        .provisioner("external", Map.of("stacks", "light"))
        .build();
  }

  private static ApplicationDefinition application() {
    Binding trigger =
        new Binding(
            "input",
            "httpTrigger",
            Binding.Direction.IN,
            Map.of("authLevel", "anonymous"),
            "{\"name\":\"input\",\"type\":\"httpTrigger\",\"direction\":\"in\"}");
    return ApplicationDefinition.builder(APP)
        .tenant("acme")
        .stack(LIGHT)
        .content(
            new ApplicationContent.Inline(
                List.of(
                    new FunctionDefinition(
                        "echo", "", "", "", "light", List.of(trigger), Map.of())),
                ""))
        .build();
  }
}
