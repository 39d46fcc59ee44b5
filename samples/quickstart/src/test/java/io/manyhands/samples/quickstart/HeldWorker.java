/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart;

import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse;
import io.manyhands.transport.grpc.protocol.FunctionLoadResponse;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.StartStream;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.WorkerInitResponse;
import io.manyhands.transport.grpc.protocol.WorkerMetadata;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A worker in the test that answers a call when it is told to, and everything else at once. */
final class HeldWorker implements StreamObserver<StreamingMessage> {
  private static final StatusResult SUCCESS =
      StatusResult.newBuilder().setStatus(StatusResult.Status.Success).build();

  private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
  private final StreamObserver<StreamingMessage> out;

  HeldWorker(ManagedChannel channel, String id) {
    out = FunctionRpcGrpc.newStub(channel).eventStream(this);
    send(StreamingMessage.newBuilder().setStartStream(StartStream.newBuilder().setWorkerId(id)));
  }

  /** Waits for a call and answers it. */
  void answerNext() throws InterruptedException {
    String call = calls.poll(60, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("no call came");
    }
    send(
        StreamingMessage.newBuilder()
            .setInvocationResponse(
                InvocationResponse.newBuilder().setInvocationId(call).setResult(SUCCESS)));
  }

  @Override
  public void onNext(StreamingMessage message) {
    switch (message.getContentCase()) {
      case INVOCATION_REQUEST -> calls.add(message.getInvocationRequest().getInvocationId());
      case WORKER_INIT_REQUEST ->
          send(
              StreamingMessage.newBuilder()
                  .setWorkerInitResponse(
                      WorkerInitResponse.newBuilder()
                          .setResult(SUCCESS)
                          .setWorkerMetadata(
                              WorkerMetadata.newBuilder()
                                  .setRuntimeName("light")
                                  .setRuntimeVersion("1"))));
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
      default -> {
        // Nothing else is asked of it.
      }
    }
  }

  @Override
  public void onError(Throwable error) {
    calls.clear();
  }

  @Override
  public void onCompleted() {
    out.onCompleted();
  }

  private synchronized void send(StreamingMessage.Builder message) {
    out.onNext(message.build());
  }
}
