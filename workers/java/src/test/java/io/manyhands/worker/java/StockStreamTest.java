/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.WorkerInitRequest;
import io.manyhands.transport.grpc.protocol.WorkerTerminate;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

final class StockStreamTest {
  @Test
  void terminateCompletesTheStreamAfterTheLastAnswerAndEndsWithZero() throws Exception {
    Host host = new Host();
    Server server = NettyServerBuilder.forPort(0).addService(host).build().start();
    try {
      String port = Integer.toString(server.getPort());
      List<String> words =
          List.of("--host", "127.0.0.1", "--port", port, "--workerId", "w1", "--requestId", "r1");
      int code =
          new HostConnection(WorkerArguments.parse(words), ignored -> {}, Duration.ofSeconds(10))
              .run();
      assertThat(code).isZero();
      assertThat(host.seen)
          .containsExactly("START_STREAM w1 r1", "WORKER_INIT_RESPONSE", "completed");
    } finally {
      server.shutdownNow();
    }
  }

  /** Answers the greeting with init, and init's answer with terminate. */
  private static final class Host extends FunctionRpcGrpc.FunctionRpcImplBase {
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();

    @Override
    public StreamObserver<StreamingMessage> eventStream(StreamObserver<StreamingMessage> worker) {
      return new StreamObserver<>() {
        @Override
        public void onNext(StreamingMessage message) {
          if (message.hasStartStream()) {
            seen.add(
                "START_STREAM "
                    + message.getStartStream().getWorkerId()
                    + " "
                    + message.getRequestId());
            worker.onNext(
                StreamingMessage.newBuilder()
                    .setWorkerInitRequest(WorkerInitRequest.getDefaultInstance())
                    .build());
          } else if (message.hasWorkerInitResponse()) {
            seen.add("WORKER_INIT_RESPONSE");
            WorkerTerminate terminate =
                WorkerTerminate.newBuilder()
                    .setGracePeriod(com.google.protobuf.Duration.newBuilder().setSeconds(1))
                    .build();
            worker.onNext(StreamingMessage.newBuilder().setWorkerTerminate(terminate).build());
          }
        }

        @Override
        public void onError(Throwable error) {
          seen.add("broken " + error);
        }

        @Override
        public void onCompleted() {
          seen.add("completed");
          worker.onCompleted();
        }
      };
    }
  }
}
