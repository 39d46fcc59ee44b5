/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a timer fires: an NCRONTAB expression of six fields (or five, without seconds) in a time
 * zone, or a constant interval as {@code hh:mm:ss}. Immutable.
 */
interface Schedule {
  String EXPECTED =
      "six NCRONTAB fields {second} {minute} {hour} {day} {month} {day of week}, or hh:mm:ss";

  /**
   * The next time it is due, after both; empty where it never is again.
   *
   * @param handled when it was due last, and need not be again; null where it never was
   */
  Optional<Instant> next(@Nullable Instant handled, Instant now);

  /**
   * Whether a time that was remembered is one that this schedule would name, and not later than the
   * one that comes next; another schedule or a wrong clock may have named it.
   */
  boolean mayBeDue(Instant time, Instant now);

  /** How long from a time at which it is due until it is again; as good as forever where never. */
  default Duration period(Instant due) {
    return next(due, due).map(next -> Duration.between(due, next)).orElse(Duration.ofDays(36_500));
  }

  /** Throws IllegalArgumentException that says what was expected, and quotes the text. */
  static Schedule parse(String text, ZoneId zone) {
    return IntervalSchedule.parse(text.trim()).orElseGet(() -> CronSchedule.parse(text, zone));
  }
}
