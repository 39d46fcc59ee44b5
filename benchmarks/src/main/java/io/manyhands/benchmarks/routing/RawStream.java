/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.routing;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.manyhands.api.invocation.TraceContext;
import io.manyhands.benchmarks.harness.LightWorkers;
import io.manyhands.core.concurrent.SystemSeams;
import io.manyhands.core.identity.Ids;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.ParameterBinding;
import io.manyhands.transport.grpc.protocol.RpcTraceContext;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.TypedData;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The limit: a bidirectional stream of grpc-java with the generated messages, direct executors, the
 * same bytes, ids and trace context, a table to match answers, and as few copies as gRPC permits.
 * It has no queue, no deadline, no admission, and forgets a call whose worker is lost.
 */
final class RawStream implements Subject {
  private final ConcurrentHashMap<String, Runnable> waiting = new ConcurrentHashMap<>();
  private final List<StreamObserver<StreamingMessage>> streams = new ArrayList<>();
  private final CountDownLatch connected;
  private final SystemSeams seams = SystemSeams.create("raw");
  private final Ids ids = new Ids(seams.seams().randomness());
  private final Server server;
  private final LightWorkers workers;

  RawStream(int count) throws Exception {
    connected = new CountDownLatch(count);
    server = serve();
    workers = LightWorkers.start("127.0.0.1", server.getPort(), 64 + count);
    for (int index = 0; index < count; index++) {
      workers.connect("raw-" + index);
    }
    if (!connected.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the raw stream's workers did not connect within 60 s");
    }
  }

  @Override
  public String name() {
    return "raw stream";
  }

  @Override
  public Caller caller(int bodyBytes) {
    ByteString body = UnsafeByteOperations.unsafeWrap(new byte[bodyBytes]);
    List<StreamObserver<StreamingMessage>> turns = List.copyOf(streams);
    int[] turn = new int[1];
    return answered -> {
      StreamObserver<StreamingMessage> stream = turns.get(turn[0]);
      turn[0] = turn[0] + 1 == turns.size() ? 0 : turn[0] + 1;
      call(stream, body, answered);
    };
  }

  private void call(StreamObserver<StreamingMessage> stream, ByteString body, Runnable answered) {
    String id = ids.invocation().value();
    TraceContext trace = ids.trace();
    waiting.put(id, answered);
    StreamingMessage message =
        StreamingMessage.newBuilder()
            .setRequestId(id)
            .setInvocationRequest(
                InvocationRequest.newBuilder()
                    .setInvocationId(id)
                    .setFunctionId("echo")
                    .setTraceContext(
                        RpcTraceContext.newBuilder().setTraceParent(trace.traceParent()))
                    .addInputData(
                        ParameterBinding.newBuilder()
                            .setName("input")
                            .setData(TypedData.newBuilder().setBytes(body))))
            .build();
    synchronized (stream) {
      stream.onNext(message);
    }
  }

  @Override
  public void close() {
    workers.close();
    server.shutdownNow();
    seams.close();
  }

  private Server serve() throws IOException {
    var method =
        FunctionRpcGrpc.getEventStreamMethod().toBuilder(
                UncopiedMarshaller.INSTANCE, UncopiedMarshaller.INSTANCE)
            .build();
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .directExecutor()
        .maxInboundMessageSize(64 << 20)
        .flowControlWindow(1 << 20)
        .addService(
            ServerServiceDefinition.builder(
                    ServiceDescriptor.newBuilder(FunctionRpcGrpc.SERVICE_NAME)
                        .addMethod(method)
                        .build())
                .addMethod(
                    ServerMethodDefinition.create(
                        method, ServerCalls.asyncBidiStreamingCall(Answers::new)))
                .build())
        .build()
        .start();
  }

  private final class Answers implements StreamObserver<StreamingMessage> {
    private final StreamObserver<StreamingMessage> toWorker;

    Answers(StreamObserver<StreamingMessage> toWorker) {
      this.toWorker = toWorker;
    }

    @Override
    public void onNext(StreamingMessage message) {
      if (message.hasInvocationResponse()) {
        InvocationResponse response = message.getInvocationResponse();
        Runnable answered = waiting.remove(response.getInvocationId());
        if (answered != null) {
          answered.run();
        }
      } else if (message.hasStartStream()) {
        synchronized (streams) {
          streams.add(toWorker);
        }
        connected.countDown();
      }
    }

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }
}
