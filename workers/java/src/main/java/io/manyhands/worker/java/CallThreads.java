/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for calls: an idle one where there is one, else a new one, which goes after ten idle
 * seconds. Whoever uses them sees to it that no more tasks run at once than there may be threads; a
 * task waits only for the instant in which a thread that has done its task comes back.
 */
final class CallThreads {
  private static final long IDLE_SECONDS = 10;

  private final ThreadPoolExecutor pool;

  CallThreads(int most) {
    AtomicInteger number = new AtomicInteger();
    pool =
        new ThreadPoolExecutor(
            0,
            most,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new HandOver(),
            task -> {
              Thread thread = new Thread(task, "function-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            },
            CallThreads::waitForOne);
  }

  void execute(Runnable task) {
    pool.execute(task);
  }

  void most(int threads) {
    pool.setMaximumPoolSize(threads);
  }

  private static void waitForOne(Runnable task, ThreadPoolExecutor pool) {
    if (pool.isShutdown() || !(pool.getQueue() instanceof HandOver queue)) {
      throw new RejectedExecutionException("the threads are shut down");
    }
    queue.put(task);
  }

  /** Takes a task only where a thread waits for it, so that the pool starts one otherwise. */
  private static final class HandOver extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean offer(Runnable task) {
      return tryTransfer(task);
    }
  }
}
