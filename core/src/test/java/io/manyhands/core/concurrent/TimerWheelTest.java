/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
  @Test
  void taskRunsOnceAndNotEarly() throws InterruptedException {
    try (TimerWheel wheel = new TimerWheel(System::nanoTime, "test-timer")) {
      CountDownLatch ran = new CountDownLatch(1);
      long before = System.nanoTime();
      wheel.schedule(ran::countDown, Duration.ofMillis(50));

      assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(50_000_000);
    }
  }

  @Test
  void cancelledTaskDoesNotRunAndOnlyTheFirstCancelCounts() throws InterruptedException {
    AtomicLong nanos = new AtomicLong();
    try (TimerWheel wheel = new TimerWheel(nanos::get, "test-timer")) {
      AtomicInteger ran = new AtomicInteger();
      var cancelled = wheel.schedule(ran::incrementAndGet, Duration.ofMillis(30));
      CountDownLatch later = new CountDownLatch(1);
      wheel.schedule(later::countDown, Duration.ofMillis(100));

      assertThat(cancelled.cancel()).isTrue();
      assertThat(cancelled.cancel()).isFalse();

      nanos.set(Duration.ofSeconds(1).toNanos());
      assertThat(later.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(ran).hasValue(0);
    }
  }

  @Test
  void taskThatThrowsDoesNotStopTheWheel() throws InterruptedException {
    try (TimerWheel wheel = new TimerWheel(System::nanoTime, "test-timer")) {
      wheel.schedule(
          () -> {
            throw new LinkageError("planted");
          },
          Duration.ofMillis(10));
      CountDownLatch later = new CountDownLatch(1);
      wheel.schedule(later::countDown, Duration.ofMillis(60));

      assertThat(later.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
