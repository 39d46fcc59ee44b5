/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.harness;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what other threads and processes do. */
public final class Patience {
  private static final long LIMIT_SECONDS = 120;
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private Patience() {}

  /** Looks every few milliseconds; fails with what was waited for after two minutes. */
  public static void until(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("not within " + LIMIT_SECONDS + " s: " + what);
      }
      boolean ignored = NEVER.await(5, TimeUnit.MILLISECONDS);
    }
  }
}
