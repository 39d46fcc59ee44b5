/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.manyhands.spi.transport.WorkerConnection.SendResult;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
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

  private final ServerCall<?, WireMessage> call;
  private final long bound;
  private final Runnable onRoom;
  private final ConcurrentLinkedQueue<WireMessage> messages = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger drains = new AtomicInteger();
  private final AtomicBoolean refused = new AtomicBoolean();
  private volatile @Nullable Status closing;
  private volatile boolean immediate;

  /** The drainer's. */
  private boolean closed;

  /**
   * @param onRoom is told, on the drainer's thread, that it is empty after somebody was refused
   */
  Outbox(ServerCall<?, WireMessage> call, long bound, Runnable onRoom) {
    this.call = call;
    this.bound = bound;
    this.onRoom = onRoom;
  }

  SendResult offer(WireMessage message, boolean control) {
    int size = message.size();
    long limit = control ? bound + CONTROL_ROOM : bound;
    boolean noted = false;
    while (closing == null) {
      long waiting = bytes.get();
      if (waiting == 0 || waiting + size <= limit) {
        if (bytes.compareAndSet(waiting, waiting + size)) {
          messages.add(message);
          drain();
          return SendResult.ACCEPTED;
        }
      } else if (noted) {
        return SendResult.NOT_ACCEPTED;
      } else {
        // Noted before the second look: whoever takes what was seen there finds the note, so that
        // no refusal goes without its wake-up.
        refused.set(true);
        noted = true;
      }
    }
    return SendResult.CLOSED;
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
    closing = status;
    immediate = true;
    drain();
  }

  /** The stream has ended; nothing that waits will be sent. */
  void discard() {
    if (closing == null) {
      closing = Status.CANCELLED;
    }
    immediate = true;
    drain();
  }

  /** Writes what the stream takes; also called each time that it takes messages again. */
  void drain() {
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
    boolean empty = false;
    while (!closed && !immediate && call.isReady() && !empty) {
      WireMessage message = messages.poll();
      if (message == null) {
        empty = true;
      } else {
        bytes.addAndGet(-message.size());
        call.sendMessage(message);
      }
    }
    if (empty && closing == null && refused.compareAndSet(true, false)) {
      onRoom.run();
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
