/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.JobHostInfo;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.provisioner.external.ExternalProvisionerPlugin;
import io.manyhands.transport.grpc.GrpcTransportPlugin;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse;
import io.manyhands.transport.grpc.protocol.FunctionLoadResponse;
import io.manyhands.transport.grpc.protocol.FunctionMetadataResponse;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.RpcLog;
import io.manyhands.transport.grpc.protocol.StartStream;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.transport.grpc.protocol.WorkerActionResponse;
import io.manyhands.transport.grpc.protocol.WorkerHeartbeat;
import io.manyhands.transport.grpc.protocol.WorkerInitResponse;
import io.manyhands.transport.grpc.protocol.WorkerStatusResponse;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers of hostile tenants over real sockets: valid conversations with the order, the ids and the
 * lengths changed, from seeds. Another tenant's calls are answered meanwhile, and by its own
 * worker. {@code -Dmanyhands.fuzz.workers=N} has more of them.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HostileWorkerFuzzTest {
  private static final int WORKERS = Integer.getInteger("manyhands.fuzz.workers", 60);
  private static final int AT_ONCE = 20;
  private static final int CALLS = 30;
  private static final WorkerStack LIGHT = WorkerStack.of("light");
  private static final StatusResult SUCCESS =
      StatusResult.newBuilder().setStatus(StatusResult.Status.Success).build();

  @TempDir Path temporary;
  private final Map<String, Integer> coverage = new ConcurrentSkipListMap<>();
  private final List<String> ids = new CopyOnWriteArrayList<>(List.of("", "x", "i".repeat(9000)));

  @Test
  void callsOfAnotherTenantAreAnsweredMeanwhile() throws Exception {
    ExternalProvisionerPlugin external = new ExternalProvisionerPlugin();
    try (FunctionRuntime runtime = runtime(external)) {
      runtime.startAndWait(Duration.ofSeconds(60));
      ManagedChannel channel = channel(runtime);
      try {
        String id = external.workers().expect(LIGHT, 1).get(0).id().value();
        HeldWorker own = new HeldWorker(channel, id);
        runtime.jobHosts().start(application("good")).get(60, TimeUnit.SECONDS);
        good(runtime, own);
        for (int first = 0; first < WORKERS; first += AT_ONCE) {
          round(runtime, external, own, first);
        }
        assertThat(runtime.workers().find(new WorkerId(id)).orElseThrow())
            .satisfies(
                info -> {
                  assertThat(info.state()).isEqualTo(WorkerState.READY);
                  assertThat(info.inFlight()).isZero();
                });
      } finally {
        channel.shutdownNow();
        assertThat(channel.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      }
    }
    coverage.forEach((key, count) -> System.out.printf("%-60s %d%n", key, count));
    assertThat(coverage.keySet())
        .anyMatch(key -> key.endsWith(" SPECIALIZING"))
        .anyMatch(key -> key.endsWith(" READY"));
  }

  private void round(
      FunctionRuntime runtime, ExternalProvisionerPlugin external, HeldWorker own, int first)
      throws Exception {
    List<ManagedChannel> channels = new ArrayList<>();
    List<CompletableFuture<JobHostInfo>> starts = new ArrayList<>();
    for (int seed = first; seed < first + AT_ONCE; seed++) {
      ManagedChannel theirs = channel(runtime);
      channels.add(theirs);
      String id = external.workers().expect(LIGHT, 1).get(0).id().value();
      new Hostile(runtime, theirs, id, new Random(seed)).begin();
      starts.add(runtime.jobHosts().start(application("bad" + seed)));
    }
    for (int call = 0; call < CALLS; call++) {
      for (int seed = first; seed < first + AT_ONCE; seed++) {
        CompletableFuture<InvocationResult> unused = call(runtime, "bad" + seed);
      }
      good(runtime, own);
    }
    for (int seed = first; seed < first + AT_ONCE; seed++) {
      runtime
          .jobHosts()
          .stop(ApplicationId.of("bad" + seed), Duration.ofMillis(10))
          .get(60, TimeUnit.SECONDS);
    }
    assertThat(starts).allMatch(CompletableFuture::isDone);
    for (ManagedChannel theirs : channels) {
      theirs.shutdownNow();
      assertThat(theirs.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static void good(FunctionRuntime runtime, HeldWorker own) throws Exception {
    CompletableFuture<InvocationResult> call = call(runtime, "good");
    own.answerNext();
    InvocationResult result = call.get(60, TimeUnit.SECONDS);
    assertThat(result.orThrow().returnValue()).isEqualTo(Payload.empty());
  }

  private static CompletableFuture<InvocationResult> call(FunctionRuntime runtime, String id) {
    return runtime
        .router()
        .invoke(
            Invocation.of(ApplicationId.of(id), "echo", new Payload.Text("x"))
                .withTimeout(Duration.ofSeconds(30)));
  }

  /** A stream that begins as it should, mostly, and answers as it likes. */
  private final class Hostile implements StreamObserver<StreamingMessage> {
    private final FunctionRuntime runtime;
    private final Random random;
    private final String id;
    private final StreamObserver<StreamingMessage> out;
    private boolean over;

    Hostile(FunctionRuntime runtime, ManagedChannel channel, String id, Random random) {
      this.runtime = runtime;
      this.random = random;
      this.id = id;
      this.out = FunctionRpcGrpc.newStub(channel).eventStream(this);
    }

    synchronized void begin() {
      if (random.nextInt(10) == 0) {
        send(anything());
      }
      send(StreamingMessage.newBuilder().setStartStream(StartStream.newBuilder().setWorkerId(id)));
    }

    @Override
    public synchronized void onNext(StreamingMessage message) {
      if (message.hasInvocationRequest()) {
        ids.add(message.getInvocationRequest().getInvocationId());
      }
      int times = random.nextInt(10) == 0 ? 2 : 1;
      for (int i = 0; i < times; i++) {
        if (random.nextInt(6) == 0) {
          send(anything());
        }
        answer(message);
      }
      if (random.nextInt(200) == 0) {
        over = true;
        out.onError(new IllegalStateException("enough"));
      }
    }

    private void answer(StreamingMessage message) {
      switch (message.getContentCase()) {
        case WORKER_INIT_REQUEST ->
            send(
                StreamingMessage.newBuilder()
                    .setWorkerInitResponse(WorkerInitResponse.newBuilder().setResult(SUCCESS)));
        case FUNCTION_ENVIRONMENT_RELOAD_REQUEST ->
            send(
                StreamingMessage.newBuilder()
                    .setFunctionEnvironmentReloadResponse(
                        FunctionEnvironmentReloadResponse.newBuilder().setResult(SUCCESS)));
        case FUNCTION_LOAD_REQUEST ->
            send(
                StreamingMessage.newBuilder()
                    .setFunctionLoadResponse(
                        FunctionLoadResponse.newBuilder()
                            .setFunctionId(message.getFunctionLoadRequest().getFunctionId())
                            .setResult(SUCCESS)));
        case INVOCATION_REQUEST ->
            send(
                StreamingMessage.newBuilder()
                    .setInvocationResponse(
                        InvocationResponse.newBuilder()
                            .setInvocationId(message.getInvocationRequest().getInvocationId())
                            .setResult(SUCCESS)));
        default -> send(anything());
      }
    }

    private StreamingMessage.Builder anything() {
      StreamingMessage.Builder message = StreamingMessage.newBuilder().setRequestId(any());
      switch (random.nextInt(10)) {
        case 0 -> message.setStartStream(StartStream.newBuilder().setWorkerId(any()));
        case 1 ->
            message.setWorkerInitResponse(
                WorkerInitResponse.newBuilder().putCapabilities(any() + "c", any()));
        case 2 ->
            message.setFunctionEnvironmentReloadResponse(
                FunctionEnvironmentReloadResponse.getDefaultInstance());
        case 3 ->
            message.setFunctionMetadataResponse(
                FunctionMetadataResponse.newBuilder()
                    .addFunctionMetadataResults(
                        RpcFunctionMetadata.newBuilder()
                            .setName(any())
                            .addRawBindings("[".repeat(3000))));
        case 4 ->
            message.setFunctionLoadResponse(FunctionLoadResponse.newBuilder().setFunctionId(any()));
        case 5, 6 ->
            message.setInvocationResponse(
                InvocationResponse.newBuilder()
                    .setInvocationId(any())
                    .setResult(SUCCESS)
                    .setReturnValue(
                        TypedData.newBuilder()
                            .setBytes(ByteString.copyFrom(new byte[random.nextInt(300_000)]))));
        case 7 ->
            message.setRpcLog(
                RpcLog.newBuilder().setMessage("l".repeat(100_000)).setInvocationId(any()));
        case 8 ->
            message.setWorkerActionResponse(
                WorkerActionResponse.newBuilder().setActionValue(random.nextInt()));
        default -> {
          if (random.nextBoolean()) {
            message.setWorkerStatusResponse(WorkerStatusResponse.getDefaultInstance());
          } else {
            message.setWorkerHeartbeat(WorkerHeartbeat.getDefaultInstance());
          }
        }
      }
      return message;
    }

    private String any() {
      return ids.get(random.nextInt(ids.size()));
    }

    private void send(StreamingMessage.Builder message) {
      if (over) {
        return;
      }
      runtime
          .workers()
          .find(new WorkerId(id))
          .ifPresent(
              info ->
                  coverage.merge(
                      message.getContentCase() + " in " + info.state(), 1, Integer::sum));
      out.onNext(message.build());
    }

    @Override
    public synchronized void onError(Throwable error) {
      over = true;
    }

    @Override
    public synchronized void onCompleted() {
      if (!over) {
        over = true;
        out.onCompleted();
      }
    }
  }

  private static ManagedChannel channel(FunctionRuntime runtime) {
    URI endpoint = runtime.endpoints().get(0).uri();
    return NettyChannelBuilder.forAddress(endpoint.getHost(), endpoint.getPort())
        .usePlaintext()
        .directExecutor()
        .build();
  }

  private FunctionRuntime runtime(ExternalProvisionerPlugin external) {
    return ManyhandsRuntime.builder()
        .options(
            RuntimeOptions.builder()
                .runtimeId("fuzz")
                .stateDirectory(temporary.resolve("state"))
                .terminateGrace(Duration.ofMillis(100))
                .drainGrace(Duration.ofSeconds(2))
                .build())
        .discoverPlugins(false)
        .plugin(new GrpcTransportPlugin())
        .plugin(new io.manyhands.trigger.http.HttpTriggerPlugin())
        .plugin(external)
        .transport("grpc", Map.of())
        .provisioner("external", Map.of("stacks", "light"))
        .build();
  }

  private static ApplicationDefinition application(String id) {
    Binding trigger =
        new Binding(
            "input",
            "httpTrigger",
            Binding.Direction.IN,
            Map.of("authLevel", "anonymous"),
            "{\"name\":\"input\",\"type\":\"httpTrigger\",\"direction\":\"in\"}");
    return ApplicationDefinition.builder(ApplicationId.of(id))
        .tenant(id)
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
