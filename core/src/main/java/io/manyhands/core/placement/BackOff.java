/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.spi.time.Randomness;

/**
 * How long to leave something alone that keeps failing: 1 s, doubled a failure up to 30 s, a
 * quarter of it random. On one strand.
 */
final class BackOff {
  private static final long FIRST_MILLIS = 1000;
  private static final long LONGEST_MILLIS = 30_000;

  private int failures;
  private long untilNanos;

  int failures() {
    return failures;
  }

  void failed(long nowNanos, Randomness randomness) {
    failures++;
    long millis = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures - 1, 10));
    long jittered = millis * 3 / 4 + randomness.nextInt((int) (millis / 4 + 1));
    untilNanos = nowNanos + jittered * 1_000_000;
  }

  void succeeded() {
    failures = 0;
  }

  /** Nanoseconds that are left; 0 or less where it may be tried. */
  long left(long nowNanos) {
    return failures == 0 ? 0 : untilNanos - nowNanos;
  }
}
