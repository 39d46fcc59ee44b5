/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StrandTest {
  @Test
  void tasksOfManyThreadsRunOneAtATimeAndNoneIsLost() throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      Strand strand = new Strand(pool, "test");
      int tasks = 20_000;
      CountDownLatch done = new CountDownLatch(tasks);
      AtomicInteger inside = new AtomicInteger();
      AtomicInteger overlaps = new AtomicInteger();
      for (int thread = 0; thread < 4; thread++) {
        pool.execute(
            () -> {
              for (int task = 0; task < tasks / 4; task++) {
                strand.execute(
                    () -> {
                      if (inside.incrementAndGet() != 1 || !strand.isCurrent()) {
                        overlaps.incrementAndGet();
                      }
                      inside.decrementAndGet();
                      done.countDown();
                    });
              }
            });
      }
      assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(overlaps).hasValue(0);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void taskThatThrowsDoesNotStopTheNext() {
    List<String> ran = new ArrayList<>();
    Strand strand = new Strand(Runnable::run, "test");
    strand.execute(
        () -> {
          throw new IllegalStateException("planted");
        });
    strand.execute(() -> ran.add("second"));
    strand.execute(
        () -> {
          throw new LinkageError("planted");
        });
    strand.execute(() -> ran.add("fourth"));

    assertThat(ran).containsExactly("second", "fourth");
  }

  @Test
  void taskGivenFromWithinATaskRunsAfterIt() {
    List<String> ran = new ArrayList<>();
    Strand strand = new Strand(Runnable::run, "test");
    strand.execute(
        () -> {
          strand.execute(() -> ran.add("inner"));
          ran.add("outer");
        });

    assertThat(ran).containsExactly("outer", "inner");
  }
}
