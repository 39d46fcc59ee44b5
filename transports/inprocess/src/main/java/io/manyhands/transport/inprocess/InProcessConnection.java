/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.inprocess;

import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One stream and both its ends. What waits for the worker is bounded in messages, with room kept
 * back for control messages. Thread-safe.
 */
final class InProcessConnection implements WorkerConnection {
  private static final int WAITING_MESSAGES = 4096;
  private static final int CONTROL_ROOM = 256;
  private static final Set<Class<? extends HostMessage>> LINK =
      Set.of(
          HostMessage.LinkWelcome.class,
          HostMessage.LinkRefusal.class,
          HostMessage.LinkCredential.class,
          HostMessage.LinkAcknowledgement.class,
          HostMessage.LinkFarewell.class,
          HostMessage.LinkPackage.class);

  private final OrderedDelivery toWorker;
  private final OrderedDelivery toRuntime;
  private final InProcessNetwork.WorkerSide side;
  private final boolean extended;
  private final Runnable forget;
  private final ConcurrentLinkedQueue<HostMessage> messages = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean refused = new AtomicBoolean();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean writable = true;
  private volatile @Nullable Listener listener;

  InProcessConnection(
      InProcessNetwork.Line line, InProcessNetwork.WorkerSide side, Runnable forget) {
    this.toWorker = new OrderedDelivery(line.toWorker());
    this.toRuntime = new OrderedDelivery(line.toRuntime());
    this.side = side;
    this.extended = line.extended();
    this.forget = forget;
    toWorker.begin();
  }

  /** Nothing is told before, not even an end. */
  void open(Listener opened) {
    listener = opened;
    toRuntime.begin();
  }

  InProcessNetwork.WorkerEnd workerEnd() {
    return new End();
  }

  @Override
  public SendResult send(HostMessage message) {
    if (!supports(message.getClass())) {
      return ended.get() ? SendResult.CLOSED : SendResult.UNSUPPORTED;
    }
    boolean control = !(message instanceof HostMessage.InvocationRequest);
    boolean noted = false;
    while (!ended.get()) {
      int now = waiting.get();
      int limit = control ? WAITING_MESSAGES + CONTROL_ROOM : writable ? WAITING_MESSAGES : 0;
      if (now < limit) {
        if (waiting.compareAndSet(now, now + 1)) {
          messages.add(message);
          toWorker.deliver(() -> handOver(writable, 1));
          return SendResult.ACCEPTED;
        }
      } else if (noted) {
        return SendResult.NOT_ACCEPTED;
      } else {
        // Noted before the second look, so that no refusal goes without its wake-up.
        refused.set(true);
        noted = true;
      }
    }
    return SendResult.CLOSED;
  }

  @Override
  public boolean supports(Class<? extends HostMessage> kind) {
    return extended || !LINK.contains(kind);
  }

  @Override
  public void close() {
    end("the Runtime closed the stream", false, true);
  }

  @Override
  public void abort(String reason) {
    end(reason, false, false);
  }

  @Override
  public PeerCredentials peer() {
    return new PeerCredentials(Optional.empty(), Optional.empty(), extended, Optional.empty());
  }

  /** In the worker's turn: as many as it takes now, each one task of the path where it can be. */
  private void handOver(boolean takes, int atMost) {
    int left = takes ? atMost : 0;
    for (HostMessage message = next(left); message != null; message = next(left)) {
      left--;
      waiting.decrementAndGet();
      try {
        side.onMessage(message);
      } catch (RuntimeException e) {
        end("the worker failed on a message", false, false);
        throw e;
      }
    }
    if (takes && refused.compareAndSet(true, false)) {
      tell(Listener::onWritable);
    }
  }

  private @Nullable HostMessage next(int left) {
    return left > 0 ? messages.poll() : null;
  }

  private void tell(Consumer<Listener> news) {
    toRuntime.deliver(
        () -> {
          Listener told = listener;
          if (told == null || ended.get()) {
            return;
          }
          try {
            news.accept(told);
          } catch (RuntimeException e) {
            end("the Runtime failed on a message", false, false);
            throw e;
          }
        });
  }

  private void end(String reason, boolean orderly, boolean delivering) {
    if (ended.compareAndSet(false, true)) {
      forget.run();
      toWorker.deliver(
          () -> {
            try {
              if (delivering) {
                handOver(true, Integer.MAX_VALUE);
              }
            } finally {
              messages.clear();
              side.onEnd(reason);
            }
          });
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
      tell(told -> told.onMessage(message));
    }

    @Override
    public void complete() {
      // In its turn: what was sent before is heard before.
      toRuntime.deliver(() -> end("the worker completed its stream", true, false));
    }

    @Override
    public void abort(String reason) {
      toRuntime.deliver(() -> end(reason, false, false));
    }

    @Override
    public void cut(String reason) {
      end(reason, false, false);
    }

    @Override
    public void setWritable(boolean value) {
      writable = value;
      if (value) {
        toWorker.deliver(() -> handOver(writable, Integer.MAX_VALUE));
      }
    }
  }
}
