/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A constant interval, counted from when it was due last. */
record IntervalSchedule(Duration every) implements Schedule {
  private static final Pattern FORM =
      Pattern.compile("(?:(\\d{1,4})\\.)?(\\d{1,4}):([0-5]\\d):([0-5]\\d)");

  /** Empty where the text has not that form. */
  static Optional<Schedule> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long days = matcher.group(1) == null ? 0 : Long.parseLong(matcher.group(1));
    long hours = Long.parseLong(matcher.group(2));
    // Hours beyond 23 are days, as the format's users expect.
    Duration every =
        Duration.ofDays(days)
            .plus(hours > 23 ? Duration.ofDays(hours) : Duration.ofHours(hours))
            .plusMinutes(Long.parseLong(matcher.group(3)))
            .plusSeconds(Long.parseLong(matcher.group(4)));
    if (every.isZero()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" (expected: an interval of at least one second)");
    }
    return Optional.of(new IntervalSchedule(every));
  }

  @Override
  public boolean mayBeDue(Instant time, Instant now) {
    return !time.isAfter(now.plus(every));
  }

  @Override
  public Optional<Instant> next(@Nullable Instant handled, Instant now) {
    if (handled == null || handled.isAfter(now)) {
      return Optional.of((handled == null ? now : handled).plus(every));
    }
    long missed = Duration.between(handled, now).dividedBy(every);
    return Optional.of(handled.plus(every.multipliedBy(missed + 1)));
  }
}
