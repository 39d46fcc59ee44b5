/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.concurrent;

import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hashed timer wheel: scheduling and cancelling take constant time, and a cancelled task is
 * unlinked at once. One daemon thread wakes every 10 ms and runs what is due, so that a task comes
 * up to 10 ms late. Thread-safe.
 */
public final class TimerWheel implements Scheduler, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TimerWheel.class);
  private static final long TICK_NANOS = 10_000_000;
  private static final int BUCKETS = 4096;

  private final Ticker ticker;
  private final long origin;
  private final Bucket[] buckets = new Bucket[BUCKETS];
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread thread;

  public TimerWheel(Ticker ticker, String threadName) {
    this.ticker = ticker;
    this.origin = ticker.nanos();
    for (int index = 0; index < BUCKETS; index++) {
      buckets[index] = new Bucket();
    }
    thread = new Thread(this::turn, threadName);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public Cancellable schedule(Runnable task, Duration delay) {
    long due = ticker.nanos() - origin + Math.max(0, saturated(delay));
    // Rounded up: never early.
    long tick = due / TICK_NANOS + 1;
    Bucket bucket = buckets[(int) (tick % BUCKETS)];
    Entry entry = new Entry(task, tick, bucket);
    if (!closed.get()) {
      bucket.link(entry);
    }
    return entry;
  }

  /** Stops the thread; what is scheduled will not run. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      LockSupport.unpark(thread);
    }
  }

  private void turn() {
    long done = 0;
    while (!closed.get()) {
      long now = (ticker.nanos() - origin) / TICK_NANOS;
      // After a stall of more than a whole turn one turn visits every bucket.
      long from = Math.max(done + 1, now - BUCKETS + 1);
      for (long tick = from; tick <= now; tick++) {
        for (Entry entry : buckets[(int) (tick % BUCKETS)].due(now)) {
          run(entry.task);
        }
      }
      done = Math.max(done, now);
      long untilNext = (done + 1) * TICK_NANOS - (ticker.nanos() - origin);
      if (untilNext > 0) {
        LockSupport.parkNanos(this, untilNext);
      }
    }
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | AssertionError e) {
      LOG.error("a scheduled task failed", e);
    }
  }

  private static long saturated(Duration delay) {
    return delay.compareTo(Duration.ofDays(36500)) > 0
        ? Duration.ofDays(36500).toNanos()
        : delay.toNanos();
  }

  /** A doubly linked list under its own lock. */
  private static final class Bucket {
    private @Nullable Entry head;

    synchronized void link(Entry entry) {
      entry.next = head;
      if (head != null) {
        head.previous = entry;
      }
      head = entry;
      entry.linked = true;
    }

    synchronized boolean unlink(Entry entry) {
      if (!entry.linked) {
        return false;
      }
      entry.linked = false;
      if (entry.previous != null) {
        entry.previous.next = entry.next;
      } else {
        head = entry.next;
      }
      if (entry.next != null) {
        entry.next.previous = entry.previous;
      }
      entry.previous = null;
      entry.next = null;
      return true;
    }

    synchronized List<Entry> due(long now) {
      List<Entry> due = null;
      Entry entry = head;
      while (entry != null) {
        Entry following = entry.next;
        if (entry.tick <= now) {
          unlink(entry);
          due = due == null ? new ArrayList<>() : due;
          // The list is newest first; who was scheduled first runs first.
          due.add(0, entry);
        }
        entry = following;
      }
      return due == null ? List.of() : due;
    }
  }

  private static final class Entry implements Cancellable {
    private final Runnable task;
    private final long tick;
    private final Bucket bucket;
    private @Nullable Entry previous;
    private @Nullable Entry next;
    private boolean linked;

    Entry(Runnable task, long tick, Bucket bucket) {
      this.task = task;
      this.tick = tick;
      this.bucket = bucket;
    }

    @Override
    public boolean cancel() {
      return bucket.unlink(this);
    }
  }
}
