/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.spi.time.Randomness;
import java.time.Duration;

/**
 * Whether a provisioner may be asked for a worker of a language. Starts that fail close it: 1 s,
 * doubled a round up to 30 s, a quarter of it random; starts of one round that fail together count
 * once. After that one start at a time tries whether it is mended. A platform that asks for time
 * gets it. On the placement strand.
 */
final class StartGate {
  private static final long FIRST_MILLIS = 1000;
  private static final long LONGEST_MILLIS = 30_000;
  private static final long LONGEST_PAUSE_NANOS = Duration.ofMinutes(10).toNanos();

  private final Randomness randomness;
  private int failures;
  private boolean paused;
  private long failedNanos;
  private long openNanos;
  private int tries;

  StartGate(Randomness randomness) {
    this.randomness = randomness;
  }

  /** Rounds of starts that failed since the last success. */
  int failures() {
    return failures;
  }

  /** Nanoseconds until it opens; 0 or less where it is open. */
  long left(long now) {
    return failures == 0 && !paused ? 0 : openNanos - now;
  }

  /** How many may be asked for now. */
  int allowance(long now) {
    if (left(now) > 0) {
      return 0;
    }
    return failures == 0 && !paused ? Integer.MAX_VALUE : tries == 0 ? 1 : 0;
  }

  /** A worker was asked for; {@link #settled} follows. */
  void asked() {
    tries++;
  }

  /** What was asked for is here or has ended. */
  void settled() {
    tries--;
  }

  /**
   * A start failed.
   *
   * @param askedNanos when it was asked for
   */
  void failed(long askedNanos, long now) {
    if (failures > 0 && askedNanos - failedNanos < 0) {
      return;
    }
    failures++;
    failedNanos = now;
    long millis = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures - 1, 10));
    long jittered = millis * 3 / 4 + randomness.nextInt((int) (millis / 4 + 1));
    openNanos = later(now, jittered * 1_000_000);
  }

  /** The platform asks to be left alone for that long. */
  void paused(Duration pause, long now) {
    paused = true;
    long nanos = Math.min(LONGEST_PAUSE_NANOS, Math.max(1_000_000, pause.toNanos()));
    // Not all at its first moment: others wait for the same.
    long jitter = nanos / 10_000 * randomness.nextInt(1000);
    openNanos = later(now, nanos + jitter);
  }

  /** The platform took a request. */
  void accepted() {
    paused = false;
  }

  /** A worker has come up. */
  void succeeded() {
    paused = false;
    failures = 0;
  }

  private long later(long now, long nanos) {
    long until = now + nanos;
    return left(now) > 0 ? Math.max(openNanos, until) : until;
  }
}
