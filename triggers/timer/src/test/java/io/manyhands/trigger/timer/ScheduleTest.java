/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final ZoneId UTC = ZoneId.of("UTC");

  @Test
  void sixFieldsBeginWithSeconds() {
    assertThat(next("*/15 * * * * *", "2026-01-01T00:00:01Z")).isEqualTo("2026-01-01T00:00:15Z");
    assertThat(next("0 30 9 * * 1-5", "2026-01-02T10:00:00Z")).isEqualTo("2026-01-05T09:30:00Z");
    assertThat(next("0 0 0 1 * *", "2026-01-15T00:00:00Z")).isEqualTo("2026-02-01T00:00:00Z");
  }

  @Test
  void sundayIsZeroAndSeven() {
    assertThat(next("0 0 12 * * 0", "2026-01-01T00:00:00Z")).isEqualTo("2026-01-04T12:00:00Z");
    assertThat(next("0 0 12 * * 7", "2026-01-01T00:00:00Z")).isEqualTo("2026-01-04T12:00:00Z");
  }

  @Test
  void fiveFieldsHaveNoSeconds() {
    assertThat(next("*/5 * * * *", "2026-01-01T00:01:00Z")).isEqualTo("2026-01-01T00:05:00Z");
  }

  @Test
  void intervalsCountFromTheLastRun() {
    assertThat(next("00:30:00", "2026-01-01T00:01:00Z")).isEqualTo("2026-01-01T00:31:00Z");
  }

  @Test
  void localTimeFollowsTheZoneOverTheChangeOfClocks() {
    Schedule schedule = Schedule.parse("0 0 9 * * *", ZoneId.of("Europe/Berlin"));

    assertThat(schedule.next(null, Instant.parse("2026-03-28T00:00:00Z")))
        .contains(Instant.parse("2026-03-28T08:00:00Z"));
    assertThat(schedule.next(null, Instant.parse("2026-03-29T00:00:00Z")))
        .contains(Instant.parse("2026-03-29T07:00:00Z"));
  }

  @Test
  void badSchedulesAreRefusedSayingWhatWasExpected() {
    for (String text :
        List.of("nonsense", "61 * * * * *", "* * *", "00:00:00", "0 0 0 31 2 *", "x".repeat(500))) {
      assertThatThrownBy(() -> Schedule.parse(text, UTC))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected");
    }
  }

  private static String next(String text, String after) {
    return Schedule.parse(text, UTC).next(null, Instant.parse(after)).orElseThrow().toString();
  }
}
