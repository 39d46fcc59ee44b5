/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what other processes do. */
final class Patience {
  private static final long LOOK_MILLIS = 20;

  private Patience() {}

  /** Looks again and again until it is so; throws what was waited for where it is not in time. */
  static void until(String what, Duration limit, BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("not within " + limit.toSeconds() + " s: " + what);
      }
      boolean ignored = never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }
}
