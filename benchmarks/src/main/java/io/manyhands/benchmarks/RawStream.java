/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.ParameterBinding;
import io.manyhands.transport.grpc.protocol.RpcTraceContext;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.TypedData;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The limit: a generated stub's bidirectional stream with direct executors, the same messages, ids
 * and trace context, and a table to match answers.
 */
final class RawStream implements Subject {
  private final ConcurrentHashMap<String, Runnable> waiting = new ConcurrentHashMap<>();
  private final CompletableFuture<StreamObserver<StreamingMessage>> worker =
      new CompletableFuture<>();
  private final AtomicLong sequence = new AtomicLong(UUID.randomUUID().getMostSignificantBits());
  private final ByteString body = ByteString.copyFrom(new byte[Routing.BODY_BYTES]);
  private final Server server;
  private final Process process;
  private final StreamObserver<StreamingMessage> out;

  RawStream() throws Exception {
    server = serve();
    process = WorkerProcesses.start("127.0.0.1", server.getPort(), "raw");
    out = worker.get(60, TimeUnit.SECONDS);
  }

  @Override
  public String name() {
    return "raw gRPC stream";
  }

  @Override
  public void call(Runnable answered) {
    String id = new UUID(sequence.incrementAndGet(), 0x8000000000000000L).toString();
    waiting.put(id, answered);
    StreamingMessage message =
        StreamingMessage.newBuilder()
            .setRequestId(id)
            .setInvocationRequest(
                InvocationRequest.newBuilder()
                    .setInvocationId(id)
                    .setFunctionId("echo")
                    .setTraceContext(
                        RpcTraceContext.newBuilder()
                            .setTraceParent(
                                "00-"
                                    + id.replace("-", "")
                                    + "-"
                                    + id.substring(0, 8)
                                    + id.substring(28)
                                    + "-01"))
                    .addInputData(
                        ParameterBinding.newBuilder()
                            .setName("input")
                            .setData(TypedData.newBuilder().setBytes(body))))
            .build();
    synchronized (out) {
      out.onNext(message);
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
    WorkerProcesses.end(process);
  }

  private Server serve() throws IOException {
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .directExecutor()
        .maxInboundMessageSize(64 << 20)
        .flowControlWindow(1 << 20)
        .addService(
            new FunctionRpcGrpc.FunctionRpcImplBase() {
              @Override
              public StreamObserver<StreamingMessage> eventStream(
                  StreamObserver<StreamingMessage> toWorker) {
                return new StreamObserver<>() {
                  @Override
                  public void onNext(StreamingMessage message) {
                    if (message.hasStartStream()) {
                      worker.complete(toWorker);
                    } else {
                      Runnable answered =
                          waiting.remove(message.getInvocationResponse().getInvocationId());
                      if (answered != null) {
                        answered.run();
                      }
                    }
                  }

                  @Override
                  public void onError(Throwable error) {}

                  @Override
                  public void onCompleted() {}
                };
              }
            })
        .build()
        .start();
  }
}
