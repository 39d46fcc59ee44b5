/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Pauses between attempts to dial: they grow to half a second, and each is cut at random. */
final class Pauses {
  static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
  static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private long next = FIRST_NANOS;

  void reset() {
    next = FIRST_NANOS;
  }

  /** In nanoseconds; never shorter than what the Runtime asked for. */
  long next(Duration notBefore) {
    long whole = next;
    next = Math.min(LONGEST_NANOS, next * 2);
    return notBefore.toNanos() + whole / 2 + ThreadLocalRandom.current().nextLong(whole / 2 + 1);
  }
}
