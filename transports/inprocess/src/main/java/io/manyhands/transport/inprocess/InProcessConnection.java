/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.inprocess;

import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One stream and both its ends. Thread-safe. */
final class InProcessConnection implements WorkerConnection {
  private final OrderedDelivery toWorker;
  private final OrderedDelivery toRuntime;
  private final InProcessNetwork.WorkerSide side;
  private final Consumer<InProcessConnection> forget;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean writable = true;
  private volatile boolean refused;
  private volatile @Nullable Listener listener;

  InProcessConnection(
      Executor executor, InProcessNetwork.WorkerSide side, Consumer<InProcessConnection> forget) {
    this.toWorker = new OrderedDelivery(executor);
    this.toRuntime = new OrderedDelivery(executor);
    this.side = side;
    this.forget = forget;
  }

  void open(Listener opened) {
    listener = opened;
  }

  InProcessNetwork.WorkerEnd workerEnd() {
    return new End();
  }

  @Override
  public SendResult send(HostMessage message) {
    if (ended.get()) {
      return SendResult.CLOSED;
    }
    if (!writable) {
      refused = true;
      return SendResult.NOT_ACCEPTED;
    }
    toWorker.deliver(() -> side.onMessage(message));
    return SendResult.ACCEPTED;
  }

  @Override
  public boolean supports(Class<? extends HostMessage> kind) {
    return true;
  }

  @Override
  public void close() {
    end("the Runtime closed the stream", true);
  }

  @Override
  public void abort(String reason) {
    end(reason, false);
  }

  @Override
  public PeerCredentials peer() {
    return PeerCredentials.none();
  }

  private void end(String reason, boolean orderly) {
    if (ended.compareAndSet(false, true)) {
      forget.accept(this);
      toWorker.deliver(() -> side.onEnd(reason));
      toRuntime.deliver(
          () -> {
            Listener told = listener;
            if (told != null) {
              told.onClosed(reason, orderly);
            }
          });
    }
  }

  private final class End implements InProcessNetwork.WorkerEnd {
    @Override
    public void send(WorkerMessage message) {
      toRuntime.deliver(
          () -> {
            Listener told = listener;
            if (told != null && !ended.get()) {
              told.onMessage(message);
            }
          });
    }

    @Override
    public void complete() {
      // In its turn: what was sent before is heard before.
      toRuntime.deliver(() -> end("the worker completed its stream", true));
    }

    @Override
    public void abort(String reason) {
      toRuntime.deliver(() -> end(reason, false));
    }

    @Override
    public void setWritable(boolean value) {
      writable = value;
      if (value && refused) {
        refused = false;
        toRuntime.deliver(
            () -> {
              Listener told = listener;
              if (told != null) {
                told.onWritable();
              }
            });
      }
    }
  }
}
