/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.manyhands.api.app.AppLimits;
import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.support.launch.OutputLine;
import io.manyhands.support.launch.WorkerExit;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse;
import io.manyhands.transport.grpc.protocol.FunctionLoadResponse;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.StartStream;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.WorkerInitResponse;
import io.manyhands.transport.grpc.protocol.WorkerMetadata;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Workers in this JVM that an agent starts as if they were processes: each a gRPC client with its
 * own connection that answers with what came, and counts what it is asked.
 */
final class LightWorkers implements WorkerLauncher {
  static final WorkerStack STACK = WorkerStack.of("light");
  private static final StatusResult SUCCESS =
      StatusResult.newBuilder().setStatus(StatusResult.Status.Success).build();

  /** How often each input was run. */
  final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();

  final AtomicInteger specializations = new AtomicInteger();
  final AtomicInteger started = new AtomicInteger();

  /** Inputs that begin so are answered when somebody says so. */
  static final String HELD = "held";

  private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

  /** Answers what is held. */
  void answerHeld() {
    for (Runnable next = held.poll(); next != null; next = held.poll()) {
      next.run();
    }
  }

  int holding() {
    return held.size();
  }

  /** A workers directory that names them. */
  static Path directory(Path under) throws IOException {
    Path folder = Files.createDirectories(under.resolve("light-workers/light"));
    Files.writeString(
        folder.resolve("worker.config.json"),
        """
        {"description": {"language": "light", "extensions": [".x"],
          "defaultExecutablePath": "%s", "defaultRuntimeName": "light"}}
        """
            .formatted(StockWorker.java()));
    return folder.getParent();
  }

  /** Its function {@code echo} answers with what came. */
  static ApplicationDefinition application(String id, int slots) {
    Binding trigger =
        new Binding(
            "input",
            "httpTrigger",
            Binding.Direction.IN,
            Map.of("authLevel", "anonymous"),
            "{\"name\":\"input\",\"type\":\"httpTrigger\",\"direction\":\"in\"}");
    return ApplicationDefinition.builder(id)
        .tenant("acme")
        .stack(STACK)
        .limits(AppLimits.defaults().withSlotsPerWorker(slots))
        .content(
            new ApplicationContent.Inline(
                List.of(
                    new FunctionDefinition(
                        "echo", "", "", "", "light", List.of(trigger), Map.of())),
                ""))
        .build();
  }

  @Override
  public Launched launch(WorkerPlan plan, String id, int port, Consumer<OutputLine> output) {
    started.incrementAndGet();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .directExecutor()
            .maxInboundMessageSize(64 << 20)
            .build();
    LightWorker worker = new LightWorker(channel);
    worker.open(id);
    return worker;
  }

  private final class LightWorker implements Launched, StreamObserver<StreamingMessage> {
    private final ManagedChannel channel;
    private final CompletableFuture<WorkerExit> exit = new CompletableFuture<>();
    private StreamObserver<StreamingMessage> out;

    LightWorker(ManagedChannel channel) {
      this.channel = channel;
    }

    synchronized void open(String id) {
      out = FunctionRpcGrpc.newStub(channel).eventStream(this);
      say(StreamingMessage.newBuilder().setStartStream(StartStream.newBuilder().setWorkerId(id)));
    }

    private synchronized void say(StreamingMessage.Builder message) {
      if (!exit.isDone()) {
        out.onNext(message.build());
      }
    }

    @Override
    public void onNext(StreamingMessage message) {
      switch (message.getContentCase()) {
        case INVOCATION_REQUEST -> run(message.getInvocationRequest());
        case WORKER_INIT_REQUEST ->
            say(
                StreamingMessage.newBuilder()
                    .setWorkerInitResponse(
                        WorkerInitResponse.newBuilder()
                            .setResult(SUCCESS)
                            .setWorkerMetadata(
                                WorkerMetadata.newBuilder()
                                    .setRuntimeName("light")
                                    .setRuntimeVersion("1"))));
        case FUNCTION_ENVIRONMENT_RELOAD_REQUEST -> {
          specializations.incrementAndGet();
          say(
              StreamingMessage.newBuilder()
                  .setFunctionEnvironmentReloadResponse(
                      FunctionEnvironmentReloadResponse.newBuilder().setResult(SUCCESS)));
        }
        case FUNCTION_LOAD_REQUEST ->
            say(
                StreamingMessage.newBuilder()
                    .setFunctionLoadResponse(
                        FunctionLoadResponse.newBuilder()
                            .setFunctionId(message.getFunctionLoadRequest().getFunctionId())
                            .setResult(SUCCESS)));
        default -> {
          // Nothing else is asked of it.
        }
      }
    }

    private void run(InvocationRequest request) {
      String input = request.getInputData(0).getData().getString();
      runs.computeIfAbsent(input, key -> new AtomicInteger()).incrementAndGet();
      StreamingMessage.Builder answer =
          StreamingMessage.newBuilder()
              .setInvocationResponse(
                  InvocationResponse.newBuilder()
                      .setInvocationId(request.getInvocationId())
                      .setReturnValue(request.getInputData(0).getData())
                      .setResult(SUCCESS));
      if (input.startsWith(HELD)) {
        held.add(() -> say(answer));
      } else {
        say(answer);
      }
    }

    @Override
    public void onError(Throwable error) {
      end();
    }

    @Override
    public void onCompleted() {
      end();
    }

    private void end() {
      channel.shutdownNow();
      exit.complete(new WorkerExit(0, List.of(), List.of()));
    }

    @Override
    public long pid() {
      return ProcessHandle.current().pid();
    }

    @Override
    public Map<String, String> base() {
      return Map.of();
    }

    @Override
    public CompletableFuture<WorkerExit> exit() {
      return exit.copy();
    }

    @Override
    public boolean owns(InetSocketAddress remote, InetSocketAddress local) {
      return true;
    }

    @Override
    public void terminate(Duration grace) {
      end();
    }

    @Override
    public void kill() {
      end();
    }

    @Override
    public void clear() {}
  }
}
