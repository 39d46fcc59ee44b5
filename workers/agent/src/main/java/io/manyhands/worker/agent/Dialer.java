/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one worker connected: dials each address in turn, with pauses, until somebody says that it
 * is over (P-LINK-4). Confined to the loop.
 */
final class Dialer implements RuntimeLink.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(Dialer.class);

  /** A stream that lasted so long was a good one. */
  private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final EventLoop loop;
  private final RuntimeChannels channels;
  private final LinkIdentity identity;
  private final Relay relay;
  private final AgentContext.Policy policy;
  private final Listener listener;
  private final String name;
  private final Pauses pauses = new Pauses();
  private @Nullable RuntimeLink link;
  private @Nullable ManagedChannel channel;
  private @Nullable Future<?> pending;
  private int address;
  private boolean accepted;
  private boolean over;
  private long aloneSince;
  private long acceptedAt;

  /** Told once, when no further stream will be opened. */
  @FunctionalInterface
  interface Listener {
    void onOver(Closing closing);
  }

  Dialer(
      EventLoop loop,
      RuntimeChannels channels,
      LinkIdentity identity,
      Relay relay,
      AgentContext.Policy policy,
      String name,
      Listener listener) {
    this.loop = loop;
    this.channels = channels;
    this.identity = identity;
    this.relay = relay;
    this.policy = policy;
    this.name = name;
    this.listener = listener;
  }

  void start() {
    aloneSince = System.nanoTime();
    dial();
  }

  /** No further stream; the one that is open is ended. */
  void stop(Closing why) {
    if (!over) {
      over = true;
      cancelPending();
      RuntimeLink open = link;
      if (open != null) {
        open.close(why);
      }
      hangUp();
      listener.onOver(why);
    }
  }

  private void dial() {
    if (over) {
      return;
    }
    ManagedChannel opened;
    try {
      opened = channels.open(address);
    } catch (IOException e) {
      again(Closing.again("a certificate cannot be read: " + e));
      return;
    }
    RuntimeLink next = new RuntimeLink(opened, loop, identity, relay.hello(identity), relay, this);
    channel = opened;
    link = next;
    pending =
        loop.schedule(
            () -> next.close(Closing.again("no answer within " + policy.firstAnswer())),
            policy.firstAnswer().toMillis(),
            TimeUnit.MILLISECONDS);
    next.open();
  }

  @Override
  public void onAccepted(RuntimeLink opened) {
    if (opened == link) {
      cancelPending();
      accepted = true;
      acceptedAt = System.nanoTime();
      LOG.info("{}: connected to {}", name, channels.address(address));
    }
  }

  @Override
  public void onClosed(RuntimeLink closed, Closing closing) {
    if (closed != link || over) {
      return;
    }
    cancelPending();
    hangUp();
    if (closing.again()) {
      again(closing);
    } else {
      stop(closing);
    }
  }

  private void again(Closing closing) {
    long now = System.nanoTime();
    if (accepted) {
      accepted = false;
      aloneSince = now;
      LOG.warn("{}: {} ({})", name, closing.reason(), channels.address(address));
      if (now - acceptedAt > STEADY_NANOS) {
        pauses.reset();
      }
    } else {
      LOG.debug("{}: {} ({})", name, closing.reason(), channels.address(address));
    }
    if (now - aloneSince > policy.patience().toNanos()) {
      stop(
          Closing.refused(
              "no Runtime within %s (%s: %s)"
                  .formatted(policy.patience(), channels.address(address), closing.reason())));
      return;
    }
    address = (address + 1) % channels.count();
    pending = loop.schedule(this::dial, pauses.next(closing.notBefore()), TimeUnit.NANOSECONDS);
  }

  private void cancelPending() {
    Future<?> waiting = pending;
    pending = null;
    if (waiting != null) {
      waiting.cancel(false);
    }
  }

  private void hangUp() {
    ManagedChannel gone = channel;
    channel = null;
    link = null;
    if (gone != null) {
      gone.shutdownNow();
    }
  }
}
