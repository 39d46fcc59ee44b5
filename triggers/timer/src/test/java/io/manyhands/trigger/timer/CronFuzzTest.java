/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * Schedules that an application makes up, hostile ones included: each is taken or refused in time,
 * and one that is taken comes when a plain reading of it says. From seeds; a failure names its own.
 */
class CronFuzzTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final int[][] RANGES = {{0, 59}, {0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 6}};
  private static final String[] PARTS = {
    "*",
    "/",
    "-",
    ",",
    " ",
    "  ",
    "0",
    "1",
    "7",
    "59",
    "60",
    "99999999999",
    "-1",
    "MON",
    "JAN",
    "L",
    "W",
    "#",
    "?",
    "*/",
    "1-",
    "1-5/2",
    "*/0",
    "1,2,3",
    "0/1",
    "5-1",
    "@daily",
    ":",
    "00:00:01",
    "%X%",
    "\u0000",
    "\u00e9",
    "(",
    "1.5",
    "* * * * * *",
    "0 0 0 29 2 *",
    "0 0 0 31 4 1"
  };

  @Test
  void anyTextIsTakenOrRefusedInTime() {
    Assertions.assertTimeoutPreemptively(
        BOUND,
        () -> {
          int taken = 0;
          for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int part = random.nextInt(14); part >= 0; part--) {
              text.append(PARTS[random.nextInt(PARTS.length)]);
              text.append(random.nextBoolean() ? " " : "");
            }
            try {
              Schedule schedule = Schedule.parse(text.toString(), ZoneId.of("America/New_York"));
              Instant moment = BEGIN;
              for (int count = 0; count < 5; count++) {
                Instant next = schedule.next(null, moment).orElse(Instant.MAX);
                assertThat(next).isAfter(moment);
                moment = next;
                if (next.equals(Instant.MAX)) {
                  break;
                }
              }
              taken++;
            } catch (IllegalArgumentException e) {
              assertThat(e).as("seed %s: %s", seed, text).hasMessageContaining("expected: ");
            } catch (Throwable e) {
              throw new AssertionError("seed " + seed + ": " + text, e);
            }
          }
          assertThat(taken).as("the generator reaches good ones as well").isGreaterThan(100);
        });
  }

  @Test
  void whatIsTakenComesWhenAPlainReadingSays() {
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      Plain plain = new Plain(random);
      Schedule schedule;
      try {
        schedule = Schedule.parse(plain.text(), ZoneOffset.UTC);
      } catch (IllegalArgumentException e) {
        assertThat(plain.next(BEGIN.minusNanos(1))).as("seed %s: %s", seed, plain.text()).isEmpty();
        continue;
      }
      Instant moment = BEGIN.plusSeconds(random.nextInt(86_400 * 400));
      for (int count = 0; count < 4; count++) {
        Optional<Instant> expected = plain.next(moment);
        if (expected.isEmpty()) {
          break;
        }
        assertThat(schedule.next(null, moment))
            .as("seed %s: %s after %s", seed, plain.text(), moment)
            .isEqualTo(expected);
        moment = expected.get();
      }
    }
  }

  /** Fields as sets of numbers, searched day by day. */
  private static final class Plain {
    private final TreeSet<?>[] fields = new TreeSet<?>[6];
    private final String[] texts = new String[6];

    Plain(Random random) {
      for (int field = 0; field < 6; field++) {
        int least = RANGES[field][0];
        int most = RANGES[field][1];
        TreeSet<Integer> values = new TreeSet<>();
        int start = least + random.nextInt(most - least + 1);
        int end = start + random.nextInt(most - start + 1);
        int step = 1 + random.nextInt(Math.max(1, (most - least) / 2));
        int kind = field >= 3 && random.nextBoolean() ? 0 : random.nextInt(5);
        switch (kind) {
          case 0 -> {
            texts[field] = "*";
            add(values, least, most, 1);
          }
          case 1 -> {
            texts[field] = "*/" + step;
            add(values, least, most, step);
          }
          case 2 -> {
            texts[field] = start + "-" + end;
            add(values, start, end, 1);
          }
          case 3 -> {
            texts[field] = start + "-" + end + "/" + step;
            add(values, start, end, step);
          }
          default -> {
            texts[field] = start == end ? "" + start : start + "," + end;
            values.add(start);
            values.add(end);
          }
        }
        fields[field] = values;
      }
    }

    private static void add(Set<Integer> values, int from, int to, int step) {
      for (int value = from; value <= to; value += step) {
        values.add(value);
      }
    }

    String text() {
      return String.join(" ", texts);
    }

    Optional<Instant> next(Instant after) {
      LocalDateTime from =
          LocalDateTime.ofInstant(after, ZoneOffset.UTC).plusSeconds(1).withNano(0);
      for (int day = 0; day < 366 * 9; day++) {
        LocalDateTime date = from.toLocalDate().plusDays(day).atStartOfDay();
        if (!matches(date)) {
          continue;
        }
        for (Object hour : fields[2]) {
          for (Object minute : fields[1]) {
            for (Object second : fields[0]) {
              LocalDateTime time =
                  date.withHour((int) hour).withMinute((int) minute).withSecond((int) second);
              if (!time.isBefore(from)) {
                return Optional.of(time.toInstant(ZoneOffset.UTC));
              }
            }
          }
        }
      }
      return Optional.empty();
    }

    private boolean matches(LocalDateTime date) {
      int weekday = date.getDayOfWeek() == DayOfWeek.SUNDAY ? 0 : date.getDayOfWeek().getValue();
      return fields[3].contains(date.getDayOfMonth())
          && fields[4].contains(date.getMonthValue())
          && fields[5].contains(weekday);
    }
  }
}
