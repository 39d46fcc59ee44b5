/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.shaded.io.netty.util.internal.PlatformDependent;
import io.manyhands.api.Endpoint;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.invocation.TraceContext;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerConnection.SendResult;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.testkit.contract.TransportFault;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers that do not read: what waits for them is bounded, wherever it lies. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SlowWorkersTest {
  private static final int WORKERS = 8;
  private static final int BODY_BYTES = 256 << 10;
  private static final int OUTBOX_BYTES = 1 << 20;

  /** Two gigabytes for all workers together. */
  private static final int CALLS = 1024;

  /** What the library and the kernel take besides, for all workers together. */
  private static final long BESIDE_BYTES = 64L << 20;

  private final BlockingQueue<WorkerConnection> accepted = new LinkedBlockingQueue<>();

  @Test
  void callsForWorkersThatDoNotReadTakeNoMoreMemoryThanTheirOutboxes() throws Exception {
    GrpcTransport transport = new GrpcTransport(options(), Runnable::run);
    Endpoint endpoint =
        transport.start(this::accept).toCompletableFuture().get(30, TimeUnit.SECONDS);
    List<GrpcPeer> workers = new ArrayList<>();
    try {
      long before = PlatformDependent.usedDirectMemory();
      ByteBuffer body = ByteBuffer.wrap(new byte[BODY_BYTES]);
      for (int number = 0; number < WORKERS; number++) {
        GrpcPeer worker = new GrpcPeer("127.0.0.1", endpoint.uri().getPort(), false);
        workers.add(worker);
        worker.send(new WorkerMessage.StartStream("slow" + number));
        WorkerConnection connection = accepted.poll(30, TimeUnit.SECONDS);
        worker.inject(TransportFault.STALL);

        int taken = 0;
        int refused = 0;
        for (int call = 0; call < CALLS; call++) {
          SendResult result = connection.send(invocation(number + "-" + call, body));
          taken += result == SendResult.ACCEPTED ? 1 : 0;
          refused += result == SendResult.NOT_ACCEPTED ? 1 : 0;
        }

        // What the kernel still takes makes room for one more at any time, the last one included.
        assertThat(taken + refused).isEqualTo(CALLS);
        assertThat((long) taken * BODY_BYTES).isLessThan(BESIDE_BYTES);
      }

      assertThat(PlatformDependent.usedDirectMemory() - before)
          .isLessThan(WORKERS * (long) OUTBOX_BYTES + BESIDE_BYTES);
    } finally {
      workers.forEach(GrpcPeer::close);
      transport.stop(Duration.ofSeconds(5)).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  private WorkerConnection.Listener accept(WorkerConnection connection) {
    return new WorkerConnection.Listener() {
      @Override
      public void onMessage(WorkerMessage message) {
        accepted.add(connection);
      }

      @Override
      public void onClosed(String reason, boolean orderly) {}
    };
  }

  private static HostMessage invocation(String id, ByteBuffer body) {
    return new HostMessage.InvocationRequest(
        id, "f", Map.of("input", new Payload.Binary(body)), Map.of(), new TraceContext("", ""));
  }

  private static GrpcOptions options() {
    return new GrpcOptions(
        "127.0.0.1",
        0,
        1,
        new GrpcOptions.Limits(1 << 20, 1 << 20, 1 << 20, OUTBOX_BYTES),
        new GrpcOptions.Timeouts(
            Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(60)),
        Optional.empty());
  }
}
