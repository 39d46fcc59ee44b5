/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of requests' bodies may be held at once. Thread-safe. */
final class BodyBudget {
  private final long maximum;
  private final AtomicLong held = new AtomicLong();

  BodyBudget(long maximum) {
    this.maximum = maximum;
  }

  /** False where it is too much, and then takes nothing. */
  boolean take(long bytes) {
    if (held.addAndGet(bytes) > maximum) {
      held.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void giveBack(long bytes) {
    held.addAndGet(-bytes);
  }

  long held() {
    return held.get();
  }
}
