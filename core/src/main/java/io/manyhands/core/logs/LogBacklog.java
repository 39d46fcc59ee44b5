/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.logs;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.core.limits.RateGate;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.spi.time.Ticker;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be logged in the whole Runtime: at most 64 Mi characters, however many workers
 * write and however slow the log is; and how many entries an application may write a second,
 * however fast it is. Thread-safe.
 */
public final class LogBacklog {
  private static final long CHARACTERS = 64L << 20;
  private static final int SECONDS = 10;
  private static final int KEPT = 1000;

  private final AtomicLong waiting = new AtomicLong();
  private final LongAdder dropped;
  private final ConcurrentHashMap<ApplicationId, RateGate> rates = new ConcurrentHashMap<>();
  private final Ticker ticker;
  private final int perSecond;

  /**
   * @param perSecond entries of an application; {@value #SECONDS} times as many may come at once
   */
  public LogBacklog(Metrics metrics, Ticker ticker, int perSecond) {
    this.ticker = ticker;
    this.perSecond = perSecond;
    dropped = metrics.counter("logs.dropped");
    metrics.gauge("logs.waiting_characters", waiting::get);
  }

  /** False where the application, if it is one's, has written too much lately. */
  boolean passes(@Nullable ApplicationId application) {
    if (application == null) {
      return true;
    }
    long now = ticker.nanos();
    RateGate rate = rates.get(application);
    if (rate == null) {
      if (rates.size() >= KEPT) {
        rates.values().removeIf(gate -> gate.isIdle(now));
      }
      rate =
          rates.computeIfAbsent(
              application, id -> new RateGate(perSecond, SECONDS * perSecond, now));
    }
    return rate.tryPass(now) == 0;
  }

  boolean tryTake(int characters) {
    if (waiting.addAndGet(characters) > CHARACTERS) {
      waiting.addAndGet(-characters);
      return false;
    }
    return true;
  }

  void give(int characters) {
    waiting.addAndGet(-characters);
  }

  void dropped() {
    dropped.increment();
  }
}
