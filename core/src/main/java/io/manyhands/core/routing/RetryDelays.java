/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import io.manyhands.api.app.RetryPolicy;
import io.manyhands.spi.time.Randomness;
import java.time.Duration;

/** How long a call waits before it is run again. */
final class RetryDelays {
  /** Beyond that many doublings every minimum is over every maximum. */
  private static final int DOUBLINGS = 62;

  private static final int PERMILLE = 1000;
  private static final int JITTER = 200;

  private RetryDelays() {}

  /**
   * @param retry from 1
   */
  static Duration before(int retry, RetryPolicy policy, Randomness randomness) {
    if (policy.strategy() == RetryPolicy.Strategy.FIXED_DELAY) {
      return policy.minimumDelay();
    }
    Duration doubled = policy.minimumDelay();
    for (int times = 1;
        times < Math.min(retry, DOUBLINGS) && doubled.compareTo(policy.maximumDelay()) < 0;
        times++) {
      doubled = doubled.multipliedBy(2);
    }
    Duration jittered =
        doubled
            .multipliedBy(PERMILLE - JITTER + randomness.nextInt(2 * JITTER + 1))
            .dividedBy(PERMILLE);
    if (jittered.compareTo(policy.minimumDelay()) < 0) {
      return policy.minimumDelay();
    }
    return jittered.compareTo(policy.maximumDelay()) > 0 ? policy.maximumDelay() : jittered;
  }
}
