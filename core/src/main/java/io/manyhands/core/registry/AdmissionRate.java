/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.registry;

import io.manyhands.spi.time.TimeSeams;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many workers may come back at once: a burst, then a rate. Those beyond are told when to come
 * again, each another moment, so that they do not come at once again. Thread-safe, without a lock.
 */
final class AdmissionRate {
  private static final long BURST = 2000;
  private static final long EACH_NANOS = 250_000;

  private final TimeSeams time;

  /** When the last admitted would have its turn at the rate alone. */
  private final AtomicLong turnNanos;

  AdmissionRate(TimeSeams time) {
    this.time = time;
    this.turnNanos = new AtomicLong(time.ticker().nanos());
  }

  /** Empty where it may come in now; else after what time to come again. */
  Optional<Duration> tryAdmit() {
    while (true) {
      long now = time.ticker().nanos();
      long turn = turnNanos.get();
      long next = (turn - now > 0 ? turn : now) + EACH_NANOS;
      long early = next - now - BURST * EACH_NANOS;
      if (early > 0) {
        return Optional.of(
            Duration.ofNanos(early + 10_000_000L + time.randomness().nextInt(200_000_000)));
      }
      if (turnNanos.compareAndSet(turn, next)) {
        return Optional.empty();
      }
    }
  }
}
