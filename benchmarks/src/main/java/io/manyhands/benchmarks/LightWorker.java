/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks;

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
import io.manyhands.transport.grpc.protocol.WorkerInitResponse;
import io.manyhands.transport.grpc.protocol.WorkerMetadata;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A worker that answers without running code: a process of its own, {@code host port workerId}.
 * Ends with its stream, or after ten minutes.
 */
public final class LightWorker {
  private static final StatusResult SUCCESS =
      StatusResult.newBuilder().setStatus(StatusResult.Status.Success).build();

  private LightWorker() {}

  public static void main(String[] words) throws InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(words[0], Integer.parseInt(words[1]))
            .usePlaintext()
            .directExecutor()
            .maxInboundMessageSize(64 << 20)
            .flowControlWindow(1 << 20)
            .build();
    Answering answering = new Answering();
    answering.out = FunctionRpcGrpc.newStub(channel).eventStream(answering);
    answering.send(
        StreamingMessage.newBuilder()
            .setStartStream(StartStream.newBuilder().setWorkerId(words[2])));
    boolean ended = answering.end.await(10, TimeUnit.MINUTES);
    channel.shutdownNow();
    Runtime.getRuntime().halt(ended ? 0 : 1);
  }

  private static final class Answering implements StreamObserver<StreamingMessage> {
    private final CountDownLatch end = new CountDownLatch(1);
    private @Nullable StreamObserver<StreamingMessage> out;

    private synchronized void send(StreamingMessage.Builder message) {
      Objects.requireNonNull(out, "not connected").onNext(message.build());
    }

    @Override
    public void onNext(StreamingMessage message) {
      StreamingMessage.Builder answer =
          StreamingMessage.newBuilder().setRequestId(message.getRequestId());
      switch (message.getContentCase()) {
        case INVOCATION_REQUEST -> {
          InvocationRequest request = message.getInvocationRequest();
          send(
              answer.setInvocationResponse(
                  InvocationResponse.newBuilder()
                      .setInvocationId(request.getInvocationId())
                      .setReturnValue(request.getInputData(0).getData())
                      .setResult(SUCCESS)));
        }
        case WORKER_INIT_REQUEST ->
            send(
                answer.setWorkerInitResponse(
                    WorkerInitResponse.newBuilder()
                        .setResult(SUCCESS)
                        .setWorkerMetadata(
                            WorkerMetadata.newBuilder()
                                .setRuntimeName("light")
                                .setRuntimeVersion("1"))));
        case FUNCTION_ENVIRONMENT_RELOAD_REQUEST ->
            send(
                answer.setFunctionEnvironmentReloadResponse(
                    FunctionEnvironmentReloadResponse.newBuilder().setResult(SUCCESS)));
        case FUNCTION_LOAD_REQUEST ->
            send(
                answer.setFunctionLoadResponse(
                    FunctionLoadResponse.newBuilder()
                        .setFunctionId(message.getFunctionLoadRequest().getFunctionId())
                        .setResult(SUCCESS)));
        default -> {
          // Nothing else is asked of it.
        }
      }
    }

    @Override
    public void onError(Throwable error) {
      end.countDown();
    }

    @Override
    public void onCompleted() {
      end.countDown();
    }
  }
}
