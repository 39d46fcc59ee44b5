/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.app;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import java.time.Duration;
import java.util.Objects;

/**
 * How often and when a call of a function is run again that failed in the function or was lost with
 * its worker. A function whose trigger is HTTP, or whose delivery comes again by itself, is run
 * once, whatever its policy says: its caller or its broker decides.
 *
 * @param strategy how the delays grow
 * @param maximumRetries runs after the first; {@link #UNLIMITED} for as many as it takes
 * @param minimumDelay before the first retry; with a fixed delay before each
 * @param maximumDelay before any; with a fixed delay the same
 */
public record RetryPolicy(
    Strategy strategy, int maximumRetries, Duration minimumDelay, Duration maximumDelay) {
  /** Without an end but success. */
  public static final int UNLIMITED = -1;

  public RetryPolicy {
    Objects.requireNonNull(strategy, "strategy");
    if (maximumRetries < UNLIMITED) {
      throw invalid("maximumRetries", maximumRetries, "0 or more, or -1 for no limit");
    }
    if (minimumDelay.isNegative()) {
      throw invalid("minimumDelay", minimumDelay, "not negative");
    }
    if (maximumDelay.compareTo(minimumDelay) < 0) {
      throw invalid("maximumDelay", maximumDelay, "at least the minimum of " + minimumDelay);
    }
    if (strategy == Strategy.FIXED_DELAY && !maximumDelay.equals(minimumDelay)) {
      throw invalid("maximumDelay", maximumDelay, "the minimum, as the delay is fixed");
    }
  }

  /** The same delay before each retry. */
  public static RetryPolicy fixedDelay(int maximumRetries, Duration delay) {
    return new RetryPolicy(Strategy.FIXED_DELAY, maximumRetries, delay, delay);
  }

  /** A delay that doubles from the minimum up to the maximum, a fifth more or less by chance. */
  public static RetryPolicy exponentialBackoff(
      int maximumRetries, Duration minimumDelay, Duration maximumDelay) {
    return new RetryPolicy(
        Strategy.EXPONENTIAL_BACKOFF, maximumRetries, minimumDelay, maximumDelay);
  }

  /** How the delays grow. */
  public enum Strategy {
    FIXED_DELAY,
    EXPONENTIAL_BACKOFF
  }

  private static ManyhandsException invalid(String name, Object value, String expected) {
    return new ManyhandsException(
        ErrorCode.INVALID_ARGUMENT,
        "retry policy: " + name + ": " + value + " (expected: " + expected + ")");
  }
}
