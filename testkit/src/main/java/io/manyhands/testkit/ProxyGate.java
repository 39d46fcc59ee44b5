/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Through which one direction of a proxy passes, or does not, or late. Thread-safe. */
final class ProxyGate {
  private boolean held;
  private long delayNanos;

  synchronized void hold(boolean value) {
    held = value;
    notifyAll();
  }

  synchronized void delay(Duration by) {
    delayNanos = by.toNanos();
    notifyAll();
  }

  /** Returns when a piece that has just come may go on. */
  synchronized void pass() throws InterruptedException {
    long arrived = System.nanoTime();
    while (true) {
      long left = arrived + delayNanos - System.nanoTime();
      if (held) {
        wait();
      } else if (left > 0) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } else {
        return;
      }
    }
  }
}
