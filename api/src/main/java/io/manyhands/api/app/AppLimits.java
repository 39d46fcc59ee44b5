/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.app;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Limits of one application.
 *
 * @param slotsPerWorker calls that one worker runs at once; empty takes the stack's default
 * @param minimumWorkers workers that it keeps, called or not; 0 lets it fall to none when it is
 *     idle
 * @param maximumWorkers workers that a revision of it may have
 * @param queueCalls calls that may wait; empty takes the Runtime's
 * @param calls what all its calls may take together; half of the Runtime's bytes in flight where it
 *     does not say
 * @param functions the same of single functions, by name, compared without case
 */
public record AppLimits(
    OptionalInt slotsPerWorker,
    int minimumWorkers,
    int maximumWorkers,
    OptionalInt queueCalls,
    CallLimits calls,
    Map<String, CallLimits> functions) {
  private static final AppLimits DEFAULTS =
      new AppLimits(OptionalInt.empty(), 0, 10, OptionalInt.empty(), CallLimits.none(), Map.of());

  public AppLimits {
    check("slotsPerWorker", slotsPerWorker.orElse(1), 1, Integer.MAX_VALUE);
    check("maximumWorkers", maximumWorkers, 1, Integer.MAX_VALUE);
    check("minimumWorkers", minimumWorkers, 0, maximumWorkers);
    check("queueCalls", queueCalls.orElse(1), 1, Integer.MAX_VALUE);
    Objects.requireNonNull(calls, "calls");
    functions = Map.copyOf(functions);
  }

  /**
   * The stack's slots, no worker kept when idle, at most 10 workers, the Runtime's queue, half of
   * its bytes in flight, calls limited by nothing else.
   */
  public static AppLimits defaults() {
    return DEFAULTS;
  }

  public AppLimits withSlotsPerWorker(int slots) {
    return new AppLimits(
        OptionalInt.of(slots), minimumWorkers, maximumWorkers, queueCalls, calls, functions);
  }

  public AppLimits withMinimumWorkers(int workers) {
    return new AppLimits(slotsPerWorker, workers, maximumWorkers, queueCalls, calls, functions);
  }

  public AppLimits withMaximumWorkers(int workers) {
    return new AppLimits(slotsPerWorker, minimumWorkers, workers, queueCalls, calls, functions);
  }

  public AppLimits withQueueCalls(int waiting) {
    return new AppLimits(
        slotsPerWorker, minimumWorkers, maximumWorkers, OptionalInt.of(waiting), calls, functions);
  }

  public AppLimits withCalls(CallLimits limits) {
    return new AppLimits(
        slotsPerWorker, minimumWorkers, maximumWorkers, queueCalls, limits, functions);
  }

  /** Limits one function, beside what the whole application is limited to. */
  public AppLimits withFunction(String name, CallLimits limits) {
    Map<String, CallLimits> more = new HashMap<>(functions);
    more.put(name, limits);
    return new AppLimits(slotsPerWorker, minimumWorkers, maximumWorkers, queueCalls, calls, more);
  }

  private static void check(String name, int value, int minimum, int maximum) {
    if (value < minimum || value > maximum) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "limit "
              + name
              + ": "
              + value
              + " (expected: "
              + (maximum == Integer.MAX_VALUE
                  ? minimum + " or more"
                  : minimum + " to maximumWorkers, which is " + maximum)
              + ")");
    }
  }
}
