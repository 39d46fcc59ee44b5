/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.spi.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<Integer> ran = new ArrayList<>();

  @Test
  void timersRunInOrderOfTimeAndThenOfTheirMaking() {
    VirtualTime time = new VirtualTime(1);
    time.schedule(() -> ran.add(3), Duration.ofSeconds(2));
    time.schedule(() -> ran.add(1), SECOND);
    time.schedule(() -> time.execute(() -> ran.add(2)), SECOND);
    time.schedule(() -> ran.add(4), Duration.ofSeconds(3));

    time.advance(Duration.ofSeconds(2));

    assertThat(ran).containsExactly(1, 2, 3);
    assertThat(time.nanos()).isEqualTo(2_000_000_000L);
  }

  @Test
  void cancelledTimersNeverRunHoweverMany() {
    VirtualTime time = new VirtualTime(1);
    List<Scheduler.Cancellable> timers = new ArrayList<>();
    for (int number = 0; number < 1000; number++) {
      int own = number;
      timers.add(
          time.seams().scheduler().schedule(() -> ran.add(own), SECOND.multipliedBy(number)));
    }
    for (int number = 0; number < 1000; number++) {
      if (number % 100 != 0) {
        assertThat(timers.get(number).cancel()).isTrue();
        assertThat(timers.get(number).cancel()).isFalse();
      }
    }

    assertThat(time.pendingTimers()).isEqualTo(10);
    time.advance(Duration.ofHours(1));
    assertThat(ran).containsExactly(0, 100, 200, 300, 400, 500, 600, 700, 800, 900);
    assertThat(time.pendingTimers()).isZero();
    assertThat(timers.get(0).cancel()).isFalse();
  }

  @Test
  void timerCancelledAtItsOwnTimeDoesNotRun() {
    VirtualTime time = new VirtualTime(1);
    List<Scheduler.Cancellable> second = new ArrayList<>();
    time.schedule(() -> second.get(0).cancel(), SECOND);
    second.add(time.schedule(() -> ran.add(1), SECOND));

    time.advance(SECOND);

    assertThat(ran).isEmpty();
  }

  @Test
  void shuffledTasksRunInAnOrderThatTheSeedDecides() {
    assertThat(order(VirtualTime.shuffled(7))).isEqualTo(order(VirtualTime.shuffled(7)));
    assertThat(order(VirtualTime.shuffled(7))).isNotEqualTo(order(VirtualTime.shuffled(8)));
    assertThat(order(VirtualTime.shuffled(7)))
        .containsExactlyInAnyOrderElementsOf(order(new VirtualTime(7)));
  }

  @Test
  void shuffledTimersOfTheSeamsComeLateButNeverEarly() {
    VirtualTime time = VirtualTime.shuffled(1);
    List<Long> at = new ArrayList<>();
    for (int number = 0; number < 100; number++) {
      time.seams().scheduler().schedule(() -> at.add(time.nanos()), SECOND);
    }

    time.advance(SECOND.plusMillis(10));

    assertThat(at).hasSize(100).allMatch(nanos -> nanos >= 1_000_000_000L);
    assertThat(at.stream().distinct().count()).isGreaterThan(50);
  }

  @Test
  void stallLetsTimePassWithoutRunningAnything() {
    VirtualTime time = new VirtualTime(1);
    time.schedule(() -> ran.add(1), SECOND);

    time.stall(Duration.ofMinutes(1));

    assertThat(ran).isEmpty();
    time.advance(Duration.ZERO);
    assertThat(ran).containsExactly(1);
    assertThat(time.nanos()).isEqualTo(60_000_000_000L);
  }

  @Test
  void jumpMovesTheWallClockAlone() {
    VirtualTime time = new VirtualTime(1);
    Instant before = time.instant();

    time.jump(Duration.ofHours(-1));

    assertThat(time.instant()).isEqualTo(before.minus(Duration.ofHours(1)));
    assertThat(time.nanos()).isZero();
  }

  private static List<Integer> order(VirtualTime time) {
    List<Integer> order = new ArrayList<>();
    for (int number = 0; number < 20; number++) {
      int own = number;
      time.execute(() -> order.add(own));
    }
    time.runUntilIdle();
    return order;
  }
}
