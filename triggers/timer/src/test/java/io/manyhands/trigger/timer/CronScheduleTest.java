/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where clocks change. In Berlin, 2026, they go from 02:00 to 03:00 on 29 March (01:00 UTC), and
 * from 03:00 back to 02:00 on 25 October (01:00 UTC).
 */
class CronScheduleTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // left out: once, when the clocks go forward
        "0 30 2 * * * | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z, 2026-03-30T00:30:00Z",
        "0 0 2 * * * | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z, 2026-03-30T00:00:00Z",
        "0 0,30 2 * * * | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z, 2026-03-30T00:00:00Z",
        "0 30 1,2,3 * * * | 2026-03-29T00:00:00Z | 2026-03-29T00:30:00Z, 2026-03-29T01:00:00Z, 2026-03-29T01:30:00Z",
        "* * 2 * * * | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z, 2026-03-30T00:00:00Z",
        // untouched by the change
        "0 0 1 * * * | 2026-03-28T12:00:00Z | 2026-03-29T00:00:00Z, 2026-03-29T23:00:00Z",
        "0 0 3 * * * | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z, 2026-03-30T01:00:00Z",
        // twice: the first time
        "0 30 2 * * * | 2026-10-24T12:00:00Z | 2026-10-25T00:30:00Z, 2026-10-26T01:30:00Z",
        "0 0 2 * * * | 2026-10-24T12:00:00Z | 2026-10-25T00:00:00Z, 2026-10-26T01:00:00Z",
        "0 0 3 * * * | 2026-10-24T12:00:00Z | 2026-10-25T02:00:00Z, 2026-10-26T02:00:00Z",
        "0 10,50 2 * * * | 2026-10-25T00:20:00Z | 2026-10-25T00:50:00Z, 2026-10-26T01:10:00Z",
        "0 10,50 2 * * * | 2026-10-25T01:20:00Z | 2026-10-26T01:10:00Z",
        "* * 2 * * * | 2026-10-25T00:59:58Z | 2026-10-25T00:59:59Z, 2026-10-26T01:00:00Z",
        // every hour: whenever it comes
        "0 0 * * * * | 2026-03-28T23:30:00Z | 2026-03-29T00:00:00Z, 2026-03-29T01:00:00Z, 2026-03-29T02:00:00Z",
        "0 30 * * * * | 2026-03-29T00:00:00Z | 2026-03-29T00:30:00Z, 2026-03-29T01:30:00Z",
        "0 0 * * * * | 2026-10-24T23:30:00Z | 2026-10-25T00:00:00Z, 2026-10-25T01:00:00Z, 2026-10-25T02:00:00Z",
        "0 30 * * * * | 2026-10-25T00:00:00Z | 2026-10-25T00:30:00Z, 2026-10-25T01:30:00Z, 2026-10-25T02:30:00Z",
        "0 */20 * * * * | 2026-03-29T00:30:00Z | 2026-03-29T00:40:00Z, 2026-03-29T01:00:00Z, 2026-03-29T01:20:00Z",
        "0 0 */2 * * * | 2026-03-28T22:00:00Z | 2026-03-28T23:00:00Z, 2026-03-29T02:00:00Z, 2026-03-29T04:00:00Z",
      })
  void changeOfClocks(String expression, String after, String expected) {
    Schedule schedule = Schedule.parse(expression, ZoneId.of("Europe/Berlin"));
    List<String> found = new ArrayList<>();
    Instant moment = Instant.parse(after);
    for (int count = expected.split(",").length; count > 0; count--) {
      moment = schedule.next(null, moment).orElseThrow();
      found.add(moment.toString());
    }

    assertThat(String.join(", ", found)).isEqualTo(expected);
  }

  @Test
  void secondsOfAnHourThatComesTwiceGoOnWithoutAGap() {
    Schedule schedule = Schedule.parse("*/10 * * * * *", ZoneId.of("Europe/Berlin"));
    Instant moment = Instant.parse("2026-10-24T23:59:55Z");
    for (int tick = 0; tick < 3 * 360; tick++) {
      Instant next = schedule.next(null, moment).orElseThrow();
      assertThat(next).isEqualTo(Instant.parse("2026-10-25T00:00:00Z").plusSeconds(tick * 10L));
      moment = next;
    }
  }

  @Test
  void zonesWithChangesOfHalfAnHourOrADayAreFollowed() {
    // Lord Howe: half an hour. Samoa left 2011-12-30 out.
    assertThat(next("0 15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z"))
        .contains(Instant.parse("2026-10-03T15:30:00Z"));
    assertThat(next("0 0 12 30 12 *", "Pacific/Apia", "2011-12-01T00:00:00Z"))
        .contains(Instant.parse("2011-12-30T10:00:00Z"));
  }

  @Test
  void leapDaysComeWhenTheyDo() {
    assertThat(next("0 0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z"))
        .contains(Instant.parse("2028-02-29T00:00:00Z"));
    assertThat(next("0 0 0 29 2 1", "UTC", "2026-01-01T00:00:00Z"))
        .contains(Instant.parse("2044-02-29T00:00:00Z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 0 0 13 * 5 | 2026-02-13T00:00:00Z",
        "0 0 0 * JAN,mar Mon-Fri | 2026-01-02T00:00:00Z",
        "0 0 0 1-10/3 * * | 2026-01-04T00:00:00Z",
        "30 0/15 * * * * | 2026-01-01T00:00:30Z",
        "5,10,15 * * * * * | 2026-01-01T00:00:05Z",
        "0 0 0 * * SUN | 2026-01-04T00:00:00Z",
      })
  void fieldsMeanWhatTheyMeanElsewhere(String expression, String expected) {
    assertThat(next(expression, "UTC", "2026-01-01T00:00:00Z")).contains(Instant.parse(expected));
  }

  private static Optional<Instant> next(String expression, String zone, String after) {
    return Schedule.parse(expression, ZoneId.of(zone)).next(null, Instant.parse(after));
  }
}
