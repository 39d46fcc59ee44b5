/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.limits;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that may be held at once. Thread-safe: neither locks nor allocates. */
public final class ByteBudget {
  private final AtomicLong held = new AtomicLong();
  private volatile long maximum;

  public ByteBudget(long maximum) {
    this.maximum = maximum;
  }

  /** From now on; what is held already stays. */
  public void limit(long bytes) {
    maximum = bytes;
  }

  /** False where it would be too much, and then takes nothing. */
  public boolean tryTake(long bytes) {
    while (true) {
      long before = held.get();
      // Written so that no sum can overflow.
      if (bytes > maximum - before) {
        return false;
      }
      if (held.compareAndSet(before, before + bytes)) {
        return true;
      }
    }
  }

  public void giveBack(long bytes) {
    held.addAndGet(-bytes);
  }

  public long held() {
    return held.get();
  }

  public long maximum() {
    return maximum;
  }
}
