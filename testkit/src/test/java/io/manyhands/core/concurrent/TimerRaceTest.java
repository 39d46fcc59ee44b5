/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.concurrent;

import static io.manyhands.core.races.Interleavings.explore;
import static io.manyhands.core.races.Interleavings.require;

import io.manyhands.core.races.Interleavings.Race;
import io.manyhands.spi.time.Scheduler.Cancellable;
import org.junit.jupiter.api.Test;

/** The timer wheel's buckets, in many orders of threads. */
class TimerRaceTest {
  @Test
  void taskThatIsPutWhileItsTickGoesByRunsWithTheNext() {
    explore(LatePut.class, "put", "turn");
  }

  /** A task comes while its tick is visited. */
  public static class LatePut extends Race {
    private final TimerBuckets buckets = new TimerBuckets(4);
    private int ran;

    public void put() {
      buckets.put(() -> ran++, 1);
    }

    public void turn() {
      buckets.due(1).forEach(Runnable::run);
    }

    @Override
    protected void check() {
      buckets.due(2).forEach(Runnable::run);
      require(ran == 1, "it runs once, at its tick or the next");
    }
  }

  @Test
  void taskRunsOrIsCancelled() {
    explore(Cancel.class, "cancel", "turn", "neighbour");
  }

  /** A cancel when it is due, among neighbours of the same bucket. */
  public static class Cancel extends Race {
    private final TimerBuckets buckets = new TimerBuckets(2);
    private int ran;
    private int others;
    private boolean cancelled;
    private final Cancellable before = buckets.put(() -> others++, 1);
    private final Cancellable task = buckets.put(() -> ran++, 1);

    public void cancel() {
      cancelled = task.cancel();
    }

    public void turn() {
      buckets.due(1).forEach(Runnable::run);
    }

    public void neighbour() {
      buckets.put(() -> others++, 3);
    }

    @Override
    protected void check() {
      buckets.due(3).forEach(Runnable::run);
      require(ran == (cancelled ? 0 : 1), "it runs, or its cancel says so");
      require(others == 2 && !before.cancel(), "its neighbours run");
      require(!task.cancel(), "a second cancel is none");
    }
  }
}
