/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * The threads and timers of one start of a Runtime: once it has ended, nothing of that Runtime runs
 * any more, as after kill -9. On the test's thread.
 */
public final class RuntimeLife implements Executor {
  private final Executor executor;
  private final TimeSeams time;
  private boolean over;

  public RuntimeLife(Executor executor, TimeSeams time) {
    this.executor = executor;
    this.time = time;
  }

  /** From now on nothing runs. */
  public void end() {
    over = true;
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(alive(task));
  }

  /** Clock, ticker and randomness are the world's, the scheduler dies with the Runtime. */
  public TimeSeams seams() {
    Scheduler scheduler = time.scheduler();
    return new TimeSeams(
        time.clock(),
        time.ticker(),
        (Runnable task, Duration delay) -> scheduler.schedule(alive(task), delay),
        time.randomness());
  }

  private Runnable alive(Runnable task) {
    return () -> {
      if (!over) {
        task.run();
      }
    };
  }
}
