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
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes when a test says so, and an executor whose tasks run when a test says so: a
 * whole Runtime on one thread, the same from the same seed. Not thread-safe: it belongs to the
 * test's thread.
 */
public final class VirtualTime implements Executor {
  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

  /** How late a Runtime's timer may come where the order is shuffled, as on its timer wheel. */
  private static final int LATEST_NANOS = 10_000_000;

  private final ReadyTasks ready;
  private final TimerQueue timers = new TimerQueue();
  private final TimerQueue.Owner testsOwn = new TimerQueue.Owner();
  private final TimerQueue.Owner ofSeams = new TimerQueue.Owner();
  private final SplittableRandom random;
  private final @Nullable SplittableRandom lateness;
  private Duration wallOffset = Duration.ZERO;
  private Duration stalled = Duration.ZERO;
  private long nowNanos;

  /**
   * Tasks and timers run in their order.
   *
   * @param seed of its randomness
   */
  public VirtualTime(long seed) {
    this(new SplittableRandom(seed), null);
  }

  private VirtualTime(SplittableRandom random, @Nullable SplittableRandom order) {
    this.random = random;
    this.lateness = order == null ? null : order.split();
    this.ready = new ReadyTasks(order);
  }

  /**
   * Tasks that are ready at one time run in an order that the seed decides, as on a pool of
   * threads, and so do timers that are due at one time; timers of the seams come up to 10 ms late.
   */
  public static VirtualTime shuffled(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new VirtualTime(random.split(), random.split());
  }

  /** Clock, ticker, scheduler and randomness for a Runtime or a plug-in. */
  public TimeSeams seams() {
    return new TimeSeams(
        this::instant, this::nanos, this::scheduleForSeams, new SeededRandomness());
  }

  /** Timers made through {@link #seams} that have neither run nor been cancelled. */
  public int pendingTimers() {
    return ofSeams.pending();
  }

  /** The classes whose tasks those are, one entry a timer. */
  public List<String> describePendingTimers() {
    return timers.describe(ofSeams);
  }

  /** Wall-clock time. */
  public Instant instant() {
    return BEGINNING.plusNanos(nowNanos).plus(wallOffset);
  }

  /** Nanoseconds since the beginning. */
  public long nanos() {
    return nowNanos;
  }

  /** Sets the wall clock forward or back; durations do not notice. */
  public void jump(Duration by) {
    wallOffset = wallOffset.plus(by);
  }

  /** Time passes and nothing runs, as in a process that is stopped for a while. */
  public void stall(Duration by) {
    nowNanos += by.toNanos();
    stalled = stalled.plus(by);
  }

  /** All stalls so far, one after the other. */
  public Duration stalled() {
    return stalled;
  }

  @Override
  public void execute(Runnable task) {
    ready.add(task);
  }

  /** A timer of the test's own, which comes in time and is not counted. */
  public Scheduler.Cancellable schedule(Runnable task, Duration delay) {
    return timers.add(task, due(delay), testsOwn);
  }

  /** Runs one task that is ready; false where none is. */
  public boolean runOne() {
    if (ready.isEmpty()) {
      return false;
    }
    ready.next().run();
    return true;
  }

  /** Runs what is ready, and what that makes ready, until nothing is. */
  public void runUntilIdle() {
    while (runOne()) {
      // The next one.
    }
  }

  /**
   * Lets time pass up to the next timer and makes that ready; false where none is due by then, and
   * it is that time now.
   *
   * @param untilNanos since the beginning, as {@link #nanos}
   */
  public boolean moveToNextTimer(long untilNanos) {
    TimerQueue.Timer timer = timers.poll(untilNanos);
    if (timer == null) {
      nowNanos = Math.max(nowNanos, untilNanos);
      return false;
    }
    nowNanos = Math.max(nowNanos, timer.dueNanos());
    ready.add(timer);
    if (lateness != null) {
      for (timer = timers.poll(nowNanos); timer != null; timer = timers.poll(nowNanos)) {
        ready.add(timer);
      }
    }
    return true;
  }

  /** Lets time pass; timers run in their order, and what they make ready runs at their time. */
  public void advance(Duration by) {
    long until = nowNanos + by.toNanos();
    do {
      runUntilIdle();
    } while (moveToNextTimer(until));
  }

  private Scheduler.Cancellable scheduleForSeams(Runnable task, Duration delay) {
    long late = lateness == null ? 0 : lateness.nextInt(LATEST_NANOS);
    return timers.add(task, due(delay) + late, ofSeams);
  }

  private long due(Duration delay) {
    return nowNanos + Math.max(0, delay.toNanos());
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
