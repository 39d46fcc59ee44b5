/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.logs;

import io.manyhands.core.metrics.Metrics;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What waits to be logged in the whole Runtime: at most 64 Mi characters, however many workers
 * write and however slow the log is. Thread-safe.
 */
public final class LogBacklog {
  private static final long CHARACTERS = 64L << 20;

  private final AtomicLong waiting = new AtomicLong();
  private final LongAdder dropped;

  public LogBacklog(Metrics metrics) {
    dropped = metrics.counter("logs.dropped");
    metrics.gauge("logs.waiting_characters", waiting::get);
  }

  boolean tryTake(int characters) {
    if (waiting.addAndGet(characters) > CHARACTERS) {
      waiting.addAndGet(-characters);
      return false;
    }
    return true;
  }

  void give(int characters) {
    waiting.addAndGet(-characters);
  }

  void dropped() {
    dropped.increment();
  }
}
