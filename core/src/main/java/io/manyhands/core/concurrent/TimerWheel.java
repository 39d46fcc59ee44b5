/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.concurrent;

import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hashed timer wheel: scheduling and cancelling take constant time, and a cancelled task is
 * unlinked at once. One daemon thread wakes every 10 ms and runs what is due, so that a task comes
 * up to 10 ms late, and a tick more where its own went by while it was being scheduled.
 * Thread-safe.
 */
public final class TimerWheel implements Scheduler, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TimerWheel.class);
  private static final long TICK_NANOS = 10_000_000;
  private static final int BUCKETS = 4096;

  private final Ticker ticker;
  private final long origin;
  private final TimerBuckets buckets = new TimerBuckets(BUCKETS);
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread thread;

  public TimerWheel(Ticker ticker, String threadName) {
    this.ticker = ticker;
    this.origin = ticker.nanos();
    thread = new Thread(this::turn, threadName);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public Cancellable schedule(Runnable task, Duration delay) {
    if (closed.get()) {
      return () -> false;
    }
    long due = ticker.nanos() - origin + Math.max(0, saturated(delay));
    // Rounded up: never early.
    return buckets.put(task, due / TICK_NANOS + 1);
  }

  /** Stops the thread; what is scheduled will not run. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      LockSupport.unpark(thread);
    }
  }

  private void turn() {
    while (!closed.get()) {
      long tick = (ticker.nanos() - origin) / TICK_NANOS;
      for (Runnable task : buckets.due(tick)) {
        run(task);
      }
      long untilNext = (tick + 1) * TICK_NANOS - (ticker.nanos() - origin);
      if (untilNext > 0) {
        LockSupport.parkNanos(this, untilNext);
      }
    }
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      // Whatever it is, the other tasks are not to wait for ever.
      LOG.error("a scheduled task failed", e);
    }
  }

  private static long saturated(Duration delay) {
    return delay.compareTo(Duration.ofDays(36500)) > 0
        ? Duration.ofDays(36500).toNanos()
        : delay.toNanos();
  }
}
