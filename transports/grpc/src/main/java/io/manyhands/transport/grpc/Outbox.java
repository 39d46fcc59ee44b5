/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.manyhands.spi.transport.WorkerConnection.SendResult;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written to one stream: many producers, one drainer at a time (whoever finds
 * nobody draining), bounded in bytes, with room kept back for control messages. One message is
 * always taken when it is empty, however large.
 */
final class Outbox {
  private static final long CONTROL_ROOM = 1 << 20;

  private final ServerCall<StreamingMessage, StreamingMessage> call;
  private final long bound;
  private final ConcurrentLinkedQueue<StreamingMessage> messages = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger drains = new AtomicInteger();
  private volatile boolean refused;
  private volatile @Nullable Status closing;
  private volatile boolean immediate;
  private boolean closed;

  Outbox(ServerCall<StreamingMessage, StreamingMessage> call, long bound) {
    this.call = call;
    this.bound = bound;
  }

  SendResult offer(StreamingMessage message, boolean control) {
    if (closing != null) {
      return SendResult.CLOSED;
    }
    int size = message.getSerializedSize();
    long waiting = bytes.getAndAdd(size);
    if (waiting > 0 && waiting + size > (control ? bound + CONTROL_ROOM : bound)) {
      bytes.addAndGet(-size);
      refused = true;
      return SendResult.NOT_ACCEPTED;
    }
    messages.add(message);
    drain();
    return SendResult.ACCEPTED;
  }

  /** Sends what waits, then ends the stream in order. */
  void close() {
    if (closing == null) {
      closing = Status.OK;
    }
    drain();
  }

  /** Ends the stream at once. */
  void abort(Status status) {
    immediate = true;
    closing = status;
    drain();
  }

  void discard() {
    immediate = true;
    if (closing == null) {
      closing = Status.CANCELLED;
    }
    drain();
  }

  /** The stream takes messages again; true where somebody was refused meanwhile. */
  boolean onReady() {
    drain();
    boolean waited = refused && call.isReady();
    if (waited) {
      refused = false;
    }
    return waited;
  }

  private void drain() {
    if (drains.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      write();
      seen = drains.addAndGet(-seen);
    } while (seen != 0);
  }

  private void write() {
    while (!closed && !immediate && call.isReady()) {
      StreamingMessage message = messages.poll();
      if (message == null) {
        break;
      }
      bytes.addAndGet(-message.getSerializedSize());
      call.sendMessage(message);
    }
    Status status = closing;
    if (status != null && !closed && (immediate || messages.isEmpty())) {
      closed = true;
      messages.clear();
      if (!call.isCancelled()) {
        call.close(status, new Metadata());
      }
    }
  }
}
