/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.harness;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse;
import io.manyhands.transport.grpc.protocol.FunctionLoadResponse;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.StartStream;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.transport.grpc.protocol.WorkerInitResponse;
import io.manyhands.transport.grpc.protocol.WorkerMetadata;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Light workers: {@code host port}, then one worker id a line on standard input. Ends with that
 * input. Or one, with the arguments that every worker is given; whoever started it ends it.
 */
public final class LightWorkerMain {
  private static final StatusResult SUCCESS =
      StatusResult.newBuilder().setStatus(StatusResult.Status.Success).build();

  private LightWorkerMain() {}

  public static void main(String[] words) throws IOException, InterruptedException {
    if (words[0].equals("--host")) {
      ManagedChannel channel = dial(words[1], Integer.parseInt(words[3]), words[5]);
      channel.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
      return;
    }
    BufferedReader ids =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    // A channel that nobody holds is collected, stream and all.
    List<ManagedChannel> channels = new ArrayList<>();
    for (String id = ids.readLine(); id != null; id = ids.readLine()) {
      channels.add(dial(words[0], Integer.parseInt(words[1]), id));
    }
    channels.forEach(ManagedChannel::shutdownNow);
    Runtime.getRuntime().halt(0);
  }

  private static ManagedChannel dial(String host, int port, String id) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(host, port)
            .usePlaintext()
            .directExecutor()
            .maxInboundMessageSize(64 << 20)
            .flowControlWindow(1 << 20)
            .build();
    Answering answering = new Answering();
    answering.open(FunctionRpcGrpc.newStub(channel).eventStream(answering), id);
    return channel;
  }

  /** Everything on its connection's event loop, but for the first message. */
  private static final class Answering implements StreamObserver<StreamingMessage> {
    private @Nullable StreamObserver<StreamingMessage> out;

    synchronized void open(StreamObserver<StreamingMessage> stream, String id) {
      out = stream;
      stream.onNext(
          StreamingMessage.newBuilder()
              .setStartStream(StartStream.newBuilder().setWorkerId(id))
              .build());
    }

    @Override
    public synchronized void onNext(StreamingMessage message) {
      StreamObserver<StreamingMessage> stream = out;
      if (stream == null) {
        return;
      }
      StreamingMessage.Builder answer =
          StreamingMessage.newBuilder().setRequestId(message.getRequestId());
      switch (message.getContentCase()) {
        case INVOCATION_REQUEST ->
            answer.setInvocationResponse(run(message.getInvocationRequest()));
        case WORKER_INIT_REQUEST ->
            answer.setWorkerInitResponse(
                WorkerInitResponse.newBuilder()
                    .setResult(SUCCESS)
                    .putCapabilities("RawHttpBodyBytes", "true")
                    .setWorkerMetadata(
                        WorkerMetadata.newBuilder()
                            .setRuntimeName("light")
                            .setRuntimeVersion("1")));
        case FUNCTION_ENVIRONMENT_RELOAD_REQUEST ->
            answer.setFunctionEnvironmentReloadResponse(
                FunctionEnvironmentReloadResponse.newBuilder()
                    .putCapabilities("RawHttpBodyBytes", "true")
                    .setResult(SUCCESS));
        case FUNCTION_LOAD_REQUEST ->
            answer.setFunctionLoadResponse(
                FunctionLoadResponse.newBuilder()
                    .setFunctionId(message.getFunctionLoadRequest().getFunctionId())
                    .setResult(SUCCESS));
        default -> {
          // Nothing else is asked of it.
          return;
        }
      }
      stream.onNext(answer.build());
    }

    /** The body of the first input comes back: as it is, or as that of an HTTP answer. */
    private static InvocationResponse run(InvocationRequest request) {
      TypedData input = request.getInputData(0).getData();
      return InvocationResponse.newBuilder()
          .setInvocationId(request.getInvocationId())
          .setReturnValue(input.hasHttp() ? input.getHttp().getBody() : input)
          .setResult(SUCCESS)
          .build();
    }

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }
}
