/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The threads and timers of one start of a Runtime: once it has ended, nothing of that Runtime runs
 * any more, as after kill -9. On the test's thread.
 */
public final class RuntimeLife implements Executor {
  private final Executor executor;
  private final TimeSeams time;
  private final Set<Timer> timers = new LinkedHashSet<>();
  private boolean over;

  public RuntimeLife(Executor executor, TimeSeams time) {
    this.executor = executor;
    this.time = time;
  }

  /** From now on nothing runs, and none of its timers is pending. */
  public void end() {
    over = true;
    List.copyOf(timers).forEach(Timer::cancel);
  }

  public boolean isOver() {
    return over;
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(alive(task));
  }

  /** Clock, ticker and randomness are the world's, the scheduler dies with the Runtime. */
  public TimeSeams seams() {
    return new TimeSeams(time.clock(), time.ticker(), this::schedule, time.randomness());
  }

  private Scheduler.Cancellable schedule(Runnable task, Duration delay) {
    Timer timer = new Timer(task);
    if (!over) {
      timers.add(timer);
      timer.scheduled = time.scheduler().schedule(timer, delay);
    }
    return timer;
  }

  private Runnable alive(Runnable task) {
    return () -> {
      if (!over) {
        task.run();
      }
    };
  }

  private final class Timer implements Runnable, Scheduler.Cancellable {
    private final Runnable task;
    private Scheduler.@Nullable Cancellable scheduled;

    Timer(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      timers.remove(this);
      if (!over) {
        task.run();
      }
    }

    @Override
    public boolean cancel() {
      timers.remove(this);
      Scheduler.Cancellable pending = scheduled;
      return pending != null && pending.cancel();
    }

    @Override
    public String toString() {
      return task.toString();
    }
  }
}
