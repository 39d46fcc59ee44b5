/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a timer fires: an NCRONTAB expression of six fields (or five, without seconds) in a time
 * zone, or a constant interval as {@code hh:mm:ss}. Immutable.
 */
interface Schedule {
  /** The first time after that; empty where there is none within a hundred years. */
  Optional<Instant> after(Instant moment);

  /** Throws IllegalArgumentException that says what was expected. */
  static Schedule parse(String text, ZoneId zone) {
    Matcher span = Interval.FORM.matcher(text.trim());
    if (span.matches()) {
      return Interval.parse(text.trim(), span);
    }
    return Cron.parse(text.trim(), zone);
  }

  /** A constant interval. */
  record Interval(Duration every) implements Schedule {
    static final Pattern FORM = Pattern.compile("(?:(\\d{1,4})\\.)?(\\d{1,4}):(\\d{2}):(\\d{2})");

    static Schedule parse(String text, Matcher matcher) {
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
      return new Interval(every);
    }

    @Override
    public Optional<Instant> after(Instant moment) {
      return Optional.of(moment.plus(every));
    }
  }

  /** An expression. */
  record Cron(ExecutionTime times, ZoneId zone) implements Schedule {
    private static final int LONGEST = 200;
    private static final CronDefinition NCRONTAB =
        CronDefinitionBuilder.defineCron()
            .withSeconds()
            .and()
            .withMinutes()
            .and()
            .withHours()
            .and()
            .withDayOfMonth()
            .and()
            .withMonth()
            .and()
            .withDayOfWeek()
            .withValidRange(0, 7)
            .withMondayDoWValue(1)
            .withIntMapping(7, 0)
            .and()
            .matchDayOfWeekAndDayOfMonth()
            .instance();

    static Schedule parse(String text, ZoneId zone) {
      String expected =
          " (expected: six NCRONTAB fields {second} {minute} {hour} {day} {month} {day of week}, or hh:mm:ss)";
      if (text.length() > LONGEST) {
        throw new IllegalArgumentException(
            "a schedule of " + text.length() + " characters" + expected);
      }
      String[] fields = text.split("\\s+");
      String six = fields.length == 5 ? "0 " + text : text;
      try {
        Schedule schedule =
            new Cron(ExecutionTime.forCron(new CronParser(NCRONTAB).parse(six).validate()), zone);
        if (schedule.after(Instant.EPOCH).isEmpty()) {
          throw new IllegalArgumentException("\"" + text + "\": never comes" + expected);
        }
        return schedule;
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("\"" + text + "\": " + e.getMessage() + expected, e);
      }
    }

    @Override
    public Optional<Instant> after(Instant moment) {
      return times.nextExecution(moment.atZone(zone)).map(java.time.ZonedDateTime::toInstant);
    }
  }
}
