/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.platform;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the HTTP header of that name. */
public final class RetryAfter {
  private static final long LONGEST_SECONDS = 86_400;

  private RetryAfter() {}

  /**
   * Of whole seconds or an HTTP date; empty for anything else.
   *
   * @param now by the Runtime's clock
   */
  public static Optional<Duration> parse(@Nullable String header, Instant now) {
    if (header == null || header.isBlank()) {
      return Optional.empty();
    }
    String value = header.strip();
    if (value.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
      long seconds = value.length() > 9 ? LONGEST_SECONDS : Long.parseLong(value);
      return Optional.of(Duration.ofSeconds(Math.min(seconds, LONGEST_SECONDS)));
    }
    try {
      Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(now, then);
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
