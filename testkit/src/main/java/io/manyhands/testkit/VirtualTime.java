/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

import io.manyhands.spi.time.Randomness;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;

/**
 * Time that passes when a test says so, and an executor whose tasks run when a test says so: a
 * whole Runtime on one thread, the same from the same seed. Not thread-safe: it belongs to the
 * test's thread.
 */
public final class VirtualTime implements Executor {
  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

  private final Deque<Runnable> ready = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(
          Comparator.comparingLong(Timer::dueNanos).thenComparingLong(Timer::order));
  private final SplittableRandom random;
  private Duration wallOffset = Duration.ZERO;
  private long nowNanos;
  private long order;

  private static final class Timer {
    private final Runnable task;
    private final long dueNanos;
    private final long order;

    Timer(Runnable task, long dueNanos, long order) {
      this.task = task;
      this.dueNanos = dueNanos;
      this.order = order;
    }

    long dueNanos() {
      return dueNanos;
    }

    long order() {
      return order;
    }
  }

  /**
   * @param seed of its randomness
   */
  public VirtualTime(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Clock, ticker, scheduler and randomness for a Runtime or a plug-in. */
  public TimeSeams seams() {
    return new TimeSeams(
        this::instant, () -> nowNanos, new VirtualScheduler(), new SeededRandomness());
  }

  /** Wall-clock time. */
  public Instant instant() {
    return BEGINNING.plusNanos(nowNanos).plus(wallOffset);
  }

  /** Sets the wall clock forward or back; durations do not notice. */
  public void jump(Duration by) {
    wallOffset = wallOffset.plus(by);
  }

  @Override
  public void execute(Runnable task) {
    ready.addLast(task);
  }

  /** Runs what is ready, and what that makes ready, until nothing is. */
  public void runUntilIdle() {
    for (Runnable task = ready.pollFirst(); task != null; task = ready.pollFirst()) {
      task.run();
    }
  }

  /** Lets time pass; timers run in their order, and what they make ready runs at their time. */
  public void advance(Duration by) {
    long until = nowNanos + by.toNanos();
    runUntilIdle();
    while (!timers.isEmpty() && timers.peek().dueNanos() <= until) {
      Timer timer = timers.remove();
      nowNanos = Math.max(nowNanos, timer.dueNanos());
      timer.task.run();
      runUntilIdle();
    }
    nowNanos = until;
  }

  private final class VirtualScheduler implements Scheduler {
    @Override
    public Cancellable schedule(Runnable task, Duration delay) {
      Timer timer = new Timer(task, nowNanos + Math.max(0, delay.toNanos()), order++);
      timers.add(timer);
      return () -> timers.remove(timer);
    }
  }

  private final class SeededRandomness implements Randomness {
    @Override
    public long nextLong() {
      return random.nextLong();
    }

    @Override
    public int nextInt(int bound) {
      return random.nextInt(bound);
    }
  }
}
