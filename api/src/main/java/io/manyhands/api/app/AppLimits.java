/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.app;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import java.util.OptionalInt;

/**
 * Limits of one application.
 *
 * @param slotsPerWorker calls that one worker runs at once; empty takes the stack's default
 * @param maximumWorkers workers it may have
 * @param queueCalls calls that may wait; empty takes the Runtime's
 */
public record AppLimits(OptionalInt slotsPerWorker, int maximumWorkers, OptionalInt queueCalls) {
  private static final AppLimits DEFAULTS =
      new AppLimits(OptionalInt.empty(), 10, OptionalInt.empty());

  public AppLimits {
    check("slotsPerWorker", slotsPerWorker.orElse(1));
    check("maximumWorkers", maximumWorkers);
    check("queueCalls", queueCalls.orElse(1));
  }

  /** The stack's slots, at most 10 workers, the Runtime's queue. */
  public static AppLimits defaults() {
    return DEFAULTS;
  }

  public AppLimits withSlotsPerWorker(int slots) {
    return new AppLimits(OptionalInt.of(slots), maximumWorkers, queueCalls);
  }

  public AppLimits withMaximumWorkers(int workers) {
    return new AppLimits(slotsPerWorker, workers, queueCalls);
  }

  public AppLimits withQueueCalls(int calls) {
    return new AppLimits(slotsPerWorker, maximumWorkers, OptionalInt.of(calls));
  }

  private static void check(String name, int value) {
    if (value < 1) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT, "limit " + name + ": " + value + " (expected: 1 or more)");
    }
  }
}
