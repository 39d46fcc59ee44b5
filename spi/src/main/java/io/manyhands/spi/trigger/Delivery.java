/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.trigger;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import java.time.Duration;
import java.util.Optional;

/**
 * What stands behind an invocation that a trigger hands over: whether its source delivers again
 * what failed, and how long it waits before it does.
 *
 * @param brokerRetries true where the source delivers again whatever does not succeed. Then the
 *     Runtime runs each delivery once, whatever retry policy the function has: the two would
 *     multiply
 * @param attempt which delivery of the same thing this is, from 1; in memory of the source, not of
 *     the Runtime
 * @param acknowledgeWithin from now until the source takes the delivery for lost and makes another,
 *     whatever goes on here; positive. The Runtime treats it as a deadline beside the call's own:
 *     the call completes by then, as DEADLINE_EXCEEDED if need be, and its worker is ended where it
 *     does not stop, so that the next delivery does not run beside this one. Empty where nobody
 *     waits, or where the trigger extends its source's deadline for as long as the call runs, which
 *     is the better way
 */
public record Delivery(boolean brokerRetries, int attempt, Optional<Duration> acknowledgeWithin) {
  private static final Delivery ONCE = new Delivery(false, 1, Optional.empty());

  public Delivery {
    if (attempt < 1) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT, "delivery: attempt " + attempt + " (expected: 1 or more)");
    }
    acknowledgeWithin.ifPresent(
        deadline -> {
          if (deadline.isNegative() || deadline.isZero()) {
            throw new ManyhandsException(
                ErrorCode.INVALID_ARGUMENT,
                "delivery: acknowledgeWithin " + deadline + " (expected: a positive duration)");
          }
        });
  }

  /** The first and only one, and nobody waits for its acknowledgement. */
  public static Delivery once() {
    return ONCE;
  }

  /** That delivery of something that its source delivers until it succeeds. */
  public static Delivery ofBroker(int attempt) {
    return new Delivery(true, attempt, Optional.empty());
  }

  public Delivery withAcknowledgeWithin(Duration deadline) {
    return new Delivery(brokerRetries, attempt, Optional.of(deadline));
  }
}
