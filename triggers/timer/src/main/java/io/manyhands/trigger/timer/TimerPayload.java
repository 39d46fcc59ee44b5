/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a function on a schedule is given. */
final class TimerPayload {
  private static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

  private TimerPayload() {}

  /**
   * The timer as JSON.
   *
   * @param last when it fired before; null is never
   */
  static String json(@Nullable Instant last, Instant now, Instant next, boolean pastDue) {
    return "{\"Schedule\":{\"AdjustForDST\":true},\"ScheduleStatus\":{\"Last\":\""
        + (last == null ? NEVER : last)
        + "\",\"LastUpdated\":\""
        + now
        + "\",\"Next\":\""
        + next
        + "\"},\"IsPastDue\":"
        + pastDue
        + "}";
  }
}
