/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.spi.time.Randomness;
import io.manyhands.spi.time.TimeSeams;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdmissionRateTest {
  private final AtomicLong now = new AtomicLong(7);
  private final AdmissionRate rate = new AdmissionRate(seams());

  @Test
  void burstComesInAtOnceAndTheNextIsToldWhen() {
    for (int worker = 0; worker < 2000; worker++) {
      assertThat(rate.tryAdmit()).as("worker %s", worker).isEmpty();
    }
    assertThat(rate.tryAdmit().orElseThrow())
        .isBetween(Duration.ofMillis(1), Duration.ofMillis(300));
  }

  @Test
  void thoseWhoAreDeferredAreToldDifferentMoments() {
    Set<Duration> told = new HashSet<>();
    for (int worker = 0; worker < 2100; worker++) {
      rate.tryAdmit().ifPresent(told::add);
    }
    assertThat(told).hasSizeGreaterThan(90);
  }

  @Test
  void tenThousandThatComeAsTheyAreToldAllComeInWithinSeconds() {
    long[] due = new long[10_000];
    int waiting = due.length;
    long begin = now.get();
    while (waiting > 0 && now.get() - begin < Duration.ofSeconds(10).toNanos()) {
      for (int worker = 0; worker < due.length; worker++) {
        if (due[worker] >= 0 && due[worker] <= now.get()) {
          Optional<Duration> later = rate.tryAdmit();
          due[worker] = later.isPresent() ? now.get() + later.get().toNanos() : -1;
          waiting -= later.isPresent() ? 0 : 1;
        }
      }
      now.addAndGet(1_000_000);
    }
    assertThat(waiting).isZero();
    assertThat(Duration.ofNanos(now.get() - begin)).isLessThan(Duration.ofSeconds(5));
  }

  private TimeSeams seams() {
    SplittableRandom random = new SplittableRandom(1);
    return new TimeSeams(
        () -> Instant.EPOCH,
        now::get,
        (task, delay) -> () -> true,
        new Randomness() {
          @Override
          public long nextLong() {
            return random.nextLong();
          }

          @Override
          public int nextInt(int bound) {
            return random.nextInt(bound);
          }
        });
  }
}
