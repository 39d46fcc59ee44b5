/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.limits;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets so many through a second, and so many at once after a pause. What is kept is the time at
 * which all that came would have come in even steps; one that would be further ahead of the clock
 * than the burst allows is refused. Thread-safe: neither locks nor allocates.
 */
public final class RateGate {
  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong evenNanos;
  private volatile Steps steps;

  private record Steps(long stepNanos, long aheadNanos) {}

  public RateGate(int perSecond, int burst, long nowNanos) {
    evenNanos = new AtomicLong(nowNanos);
    steps = steps(perSecond, burst);
  }

  private static Steps steps(int perSecond, int burst) {
    long step = SECOND / perSecond;
    return new Steps(step, step * (burst - 1L));
  }

  void limit(int perSecond, int burst) {
    steps = steps(perSecond, burst);
  }

  /** 0 where one is let through; else nanoseconds until one would be. */
  public long tryPass(long nowNanos) {
    Steps now = steps;
    while (true) {
      long even = evenNanos.get();
      // Time since the last is not saved up beyond the burst; differences, as the ticker may wrap.
      long from = even - nowNanos < 0 ? nowNanos : even;
      long ahead = from - nowNanos;
      if (ahead > now.aheadNanos()) {
        return ahead - now.aheadNanos();
      }
      if (evenNanos.compareAndSet(even, from + now.stepNanos())) {
        return 0;
      }
    }
  }

  /** True where nobody has come so lately that it would matter. */
  public boolean isIdle(long nowNanos) {
    return evenNanos.get() - nowNanos <= 0;
  }

  /** One that was let through did not come after all. */
  void takeBack() {
    evenNanos.addAndGet(-steps.stepNanos());
  }
}
