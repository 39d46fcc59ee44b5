/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.concurrent;

import static io.manyhands.core.races.Interleavings.explore;
import static io.manyhands.core.races.Interleavings.require;

import io.manyhands.core.races.Interleavings.Race;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A strand over a pool of several threads, in many orders of them. */
class StrandRaceTest {
  @Test
  void everyTaskRunsOnceAndAlone() {
    explore(Tasks.class, "first", "second", "third");
  }

  /** Threads that give tasks, two of which are the pool as well. */
  public static class Tasks extends Race {
    private final Queue<Runnable> pool = new ConcurrentLinkedQueue<>();
    private final Strand strand = new Strand(pool::add, "race");
    private final AtomicInteger inside = new AtomicInteger();
    private int ran;

    public void first() {
      strand.execute(this::task);
      runPool();
    }

    public void second() {
      strand.execute(this::task);
      runPool();
    }

    public void third() {
      strand.execute(this::task);
    }

    @Override
    protected void check() {
      runPool();
      require(ran == 3, "every task has run once");
      require(!strand.isCurrent(), "nobody runs on it any more");
    }

    private void task() {
      require(inside.incrementAndGet() == 1 && strand.isCurrent(), "one at a time, on the strand");
      ran++;
      inside.decrementAndGet();
    }

    private void runPool() {
      Runnable next = pool.poll();
      while (next != null) {
        next.run();
        next = pool.poll();
      }
    }
  }
}
