/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.spi.time.Randomness;
import java.time.Duration;

/**
 * How long to leave an application alone whose workers keep failing: the first failure costs
 * nothing, the second 1 s, doubled a failure up to 30 s, a quarter of it random. A minute without a
 * failure forgives half of them; a worker that served for a minute all. Workers of one round that
 * fail together count once. On the placement strand.
 */
final class CrashBudget {
  /** A worker that served for so long did not crash at its start. */
  static final Duration SOUND = Duration.ofMinutes(1);

  private static final long FIRST_MILLIS = 1000;
  private static final long LONGEST_MILLIS = 30_000;

  private int failures;
  private long failedNanos;
  private long untilNanos;

  int failures() {
    return failures;
  }

  /**
   * A worker failed.
   *
   * @param chosenNanos when it was chosen for the application
   */
  void failed(long chosenNanos, long now, Randomness randomness) {
    if (failures > 0 && chosenNanos - failedNanos < 0) {
      return;
    }
    forgive(now);
    failures++;
    failedNanos = now;
    long millis =
        failures == 1 ? 0 : Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures - 2, 10));
    long jittered = millis * 3 / 4 + randomness.nextInt((int) (millis / 4 + 1));
    untilNanos = now + jittered * 1_000_000;
  }

  /** Its workers crash over and over, and none was sound since. */
  boolean isLooping(long now) {
    return failures > 1 && now - failedNanos < SOUND.toNanos();
  }

  void recovered() {
    failures = 0;
  }

  /** Nanoseconds that are left; 0 or less where it may be tried. */
  long left(long now) {
    return failures == 0 ? 0 : untilNanos - now;
  }

  private void forgive(long now) {
    for (long quiet = now - failedNanos;
        failures > 0 && quiet >= SOUND.toNanos();
        quiet -= SOUND.toNanos()) {
      failures /= 2;
    }
  }
}
