/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.appfiles;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as .NET writes them: {@code [-][d.]hh:mm:ss[.fffffff]} or whole days. */
public final class TimeSpan {
  private static final Pattern FORM =
      Pattern.compile(
          "(-)?(?:(\\d{1,8})\\.)?(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d{1,7}))?)?");
  private static final Pattern DAYS = Pattern.compile("(-)?(\\d{1,8})");

  private TimeSpan() {}

  /** The duration; empty where the text is not of the form. */
  public static Optional<Duration> parse(String text) {
    Matcher days = DAYS.matcher(text);
    if (days.matches()) {
      return Optional.of(signed(days.group(1), Duration.ofDays(Long.parseLong(days.group(2)))));
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long hours = number(matcher.group(3));
    long minutes = number(matcher.group(4));
    long seconds = number(matcher.group(5));
    if (hours > 23 || minutes > 59 || seconds > 59) {
      return Optional.empty();
    }
    String fraction = matcher.group(6) == null ? "" : matcher.group(6);
    long nanos = fraction.isEmpty() ? 0 : Long.parseLong((fraction + "000000000").substring(0, 9));
    Duration value =
        Duration.ofDays(number(matcher.group(2)))
            .plusHours(hours)
            .plusMinutes(minutes)
            .plusSeconds(seconds)
            .plusNanos(nanos);
    return Optional.of(signed(matcher.group(1), value));
  }

  private static Duration signed(@org.jspecify.annotations.Nullable String sign, Duration value) {
    return sign == null ? value : value.negated();
  }

  private static long number(@org.jspecify.annotations.Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
