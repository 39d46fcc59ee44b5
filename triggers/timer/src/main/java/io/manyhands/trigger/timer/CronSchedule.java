/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An expression in the local time of a zone. Where clocks change, a schedule that names hours fires
 * once for each time it names: for a time that is left out, when the clocks go forward; for one
 * that comes twice, the first time. A schedule for every hour knows no change: it fires whenever
 * its minute and second come.
 */
final class CronSchedule implements Schedule {
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

  private final ExecutionTime times;
  private final ZoneRules rules;
  private final boolean everyHour;

  private CronSchedule(ExecutionTime times, ZoneRules rules, boolean everyHour) {
    this.times = times;
    this.rules = rules;
    this.everyHour = everyHour;
  }

  static Schedule parse(String text, ZoneId zone) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "a schedule of " + text.length() + " characters (expected: " + EXPECTED + ")");
    }
    String[] fields = text.trim().split("\\s+");
    if (fields.length != 5 && fields.length != 6) {
      throw new IllegalArgumentException(
          "\"" + text + "\": " + fields.length + " fields (expected: " + EXPECTED + ")");
    }
    String six = (fields.length == 5 ? "0 " : "") + String.join(" ", fields);
    try {
      ExecutionTime times = ExecutionTime.forCron(new CronParser(NCRONTAB).parse(six).validate());
      Schedule schedule =
          new CronSchedule(times, zone.getRules(), fields[fields.length - 4].startsWith("*"));
      if (schedule.next(null, Instant.EPOCH).isEmpty()) {
        throw new IllegalArgumentException("it never comes");
      }
      return schedule;
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\": " + e.getMessage() + " (expected: " + EXPECTED + ")", e);
    }
  }

  @Override
  public boolean mayBeDue(Instant time, Instant now) {
    return next(null, time.minusNanos(1)).filter(time::equals).isPresent()
        && next(null, now).filter(time::isAfter).isEmpty();
  }

  @Override
  public Optional<Instant> next(@Nullable Instant handled, Instant now) {
    Instant after = handled != null && handled.isAfter(now) ? handled : now;
    return everyHour ? byOffset(after) : byLocalTime(after);
  }

  /** From one change of clocks to the next the offset is constant. */
  private Optional<Instant> byOffset(Instant after) {
    Instant from = after;
    while (true) {
      ZoneOffset offset = rules.getOffset(from);
      Optional<Instant> found =
          local(LocalDateTime.ofEpochSecond(from.getEpochSecond(), from.getNano(), offset))
              .map(time -> time.toInstant(offset));
      ZoneOffsetTransition change = rules.nextTransition(from);
      if (found.isEmpty() || change == null || found.get().isBefore(change.getInstant())) {
        return found;
      }
      // What comes at the very change counts by the new offset.
      ZoneOffset next = change.getOffsetAfter();
      LocalDateTime first = change.getDateTimeAfter();
      Optional<Instant> at =
          local(first.minusNanos(1))
              .filter(time -> time.equals(first))
              .map(time -> time.toInstant(next));
      if (at.isPresent()) {
        return at;
      }
      from = change.getInstant();
    }
  }

  private Optional<Instant> byLocalTime(Instant after) {
    LocalDateTime from =
        LocalDateTime.ofEpochSecond(
            after.getEpochSecond(), after.getNano(), rules.getOffset(after));
    while (true) {
      Optional<LocalDateTime> found = local(from);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      LocalDateTime time = found.get();
      List<ZoneOffset> offsets = rules.getValidOffsets(time);
      ZoneOffsetTransition change = offsets.size() == 1 ? null : rules.getTransition(time);
      Instant due = change == null ? time.toInstant(offsets.get(0)) : due(time, change);
      if (due.isAfter(after)) {
        return Optional.of(due);
      }
      // It has been due already, at the change or before it: on with what stands behind.
      LocalDateTime end = change == null ? time : end(change);
      from = end.isAfter(time) ? end.minusNanos(1) : time;
    }
  }

  /** Where the local times that are left out, or come twice, are over. */
  private static LocalDateTime end(ZoneOffsetTransition change) {
    return change.isGap() ? change.getDateTimeAfter() : change.getDateTimeBefore();
  }

  private static Instant due(LocalDateTime time, ZoneOffsetTransition change) {
    return change.isGap() ? change.getInstant() : time.toInstant(change.getOffsetBefore());
  }

  /** On a calendar without zones. */
  private Optional<LocalDateTime> local(LocalDateTime after) {
    return times.nextExecution(after.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
  }
}
