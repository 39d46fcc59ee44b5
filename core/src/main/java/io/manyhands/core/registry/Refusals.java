/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.registry;

import io.manyhands.core.metrics.Metrics;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.transport.WorkerConnection;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who was not let in: counted all, logged some, and kept outside for a while where it is tried
 * again and again from one address. This machine's own addresses are all workers' and stay free.
 * Bounded; thread-safe.
 */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerDoor.class);
  private static final int ADDRESSES = 4096;

  /** How many refusals of an address are forgiven at once, and one more after each pause. */
  private static final int BURST = 100;

  private static final long PAUSE_NANOS = 100_000_000L;

  /** How many are logged at once, and one more after each pause. */
  private static final int LINES = 20;

  private static final long LINE_NANOS = 1_000_000_000L;

  private final TimeSeams time;
  private final Metrics metrics;
  private final Map<InetAddress, Bucket> addresses =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Bucket> eldest) {
          return size() > ADDRESSES;
        }
      };
  private final Bucket lines;
  private long unlogged;

  Refusals(TimeSeams time, Metrics metrics) {
    this.time = time;
    this.metrics = metrics;
    this.lines = new Bucket(LINES, LINE_NANOS, time.ticker().nanos());
  }

  /** Whether it is listened to at all. */
  boolean mayTry(WorkerConnection.PeerCredentials peer) {
    Optional<InetAddress> address = stranger(peer);
    if (address.isEmpty()) {
      return true;
    }
    boolean free;
    synchronized (this) {
      Bucket bucket = addresses.get(address.get());
      free = bucket == null || bucket.has(time.ticker().nanos());
    }
    if (!free) {
      metrics.counter("registry.refused.rate").increment();
    }
    return free;
  }

  void onRefused(WorkerConnection.PeerCredentials peer, String counter, String why) {
    metrics.counter(counter).increment();
    long now = time.ticker().nanos();
    Optional<InetAddress> address = stranger(peer);
    boolean logged;
    long passedOver;
    synchronized (this) {
      address.ifPresent(
          from ->
              addresses
                  .computeIfAbsent(from, first -> new Bucket(BURST, PAUSE_NANOS, now))
                  .take(now));
      logged = lines.take(now);
      passedOver = logged ? unlogged : 0;
      unlogged = logged ? 0 : unlogged + 1;
    }
    if (logged) {
      LOG.warn(
          "a worker's stream from {} is refused: {}{}",
          peer.remote().map(Object::toString).orElse("this process"),
          why,
          passedOver == 0 ? "" : " (and " + passedOver + " more that are not logged)");
    }
  }

  private static Optional<InetAddress> stranger(WorkerConnection.PeerCredentials peer) {
    return peer.remote()
        .flatMap(remote -> Optional.ofNullable(remote.getAddress()))
        .filter(address -> !address.isLoopbackAddress());
  }

  /** So many at once, and one more after each pause. */
  private static final class Bucket {
    private final int most;
    private final long pauseNanos;
    private long left;
    private long filledNanos;

    Bucket(int most, long pauseNanos, long nowNanos) {
      this.most = most;
      this.pauseNanos = pauseNanos;
      this.left = most;
      this.filledNanos = nowNanos;
    }

    boolean has(long nowNanos) {
      long more = (nowNanos - filledNanos) / pauseNanos;
      filledNanos += more * pauseNanos;
      left = Math.min(most, left + more);
      return left > 0;
    }

    boolean take(long nowNanos) {
      boolean had = has(nowNanos);
      left -= had ? 1 : 0;
      return had;
    }
  }
}
