/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.concurrent;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time, in order, on a pool's threads; owns no thread. A task that throws is
 * logged and the next one runs. Thread-safe.
 */
public final class Strand implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(Strand.class);

  /**
   * Tasks in one go before the pool's thread is given back, so that a busy strand starves no other.
   */
  private static final int BATCH = 64;

  private final Executor pool;
  private final String name;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger pending = new AtomicInteger();
  private volatile @Nullable Thread runner;

  public Strand(Executor pool, String name) {
    this.pool = pool;
    this.name = name;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (pending.getAndIncrement() == 0) {
      submit();
    }
  }

  /** True on a thread that runs one of its tasks. */
  public boolean isCurrent() {
    return runner == Thread.currentThread();
  }

  /** Throws where it is called from elsewhere. */
  public void assertCurrent() {
    if (!isCurrent()) {
      throw new IllegalStateException(
          "strand " + name + ": touched from thread " + Thread.currentThread().getName());
    }
  }

  private void submit() {
    try {
      pool.execute(this::drain);
    } catch (RejectedExecutionException e) {
      LOG.warn("strand {}: its pool is closed, {} tasks are dropped", name, pending.get());
    }
  }

  private void drain() {
    int left = BATCH;
    int remaining;
    do {
      Runnable task = tasks.poll();
      if (task != null) {
        runner = Thread.currentThread();
        run(task);
        // Before the count falls: with it at zero another thread may begin.
        runner = null;
      }
      left--;
      remaining = pending.decrementAndGet();
    } while (remaining > 0 && left > 0);
    if (remaining > 0) {
      submit();
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      // An error too: a strand that stops would stop a worker or the whole pool for ever.
      LOG.error("strand {}: a task failed", name, e);
    }
  }
}
