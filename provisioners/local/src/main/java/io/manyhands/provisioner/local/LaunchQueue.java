/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs at most so many tasks at once on an executor; a bounded number of others waits in order.
 * Thread-safe.
 */
final class LaunchQueue {
  /**
   * A piece of work.
   *
   * @param work runs on the executor
   * @param refused is told where the executor takes no more
   */
  record Task(Runnable work, Consumer<RejectedExecutionException> refused) {}

  private final Executor executor;
  private final int bound;
  private final Deque<Task> waiting = new ArrayDeque<>();
  private int permits;

  LaunchQueue(int permits, int bound, Executor executor) {
    this.permits = permits;
    this.bound = bound;
    this.executor = executor;
  }

  /** Throws {@link RejectedExecutionException} where too many wait. */
  void submit(Task task) {
    synchronized (this) {
      if (waiting.size() >= bound) {
        throw new RejectedExecutionException(bound + " launches wait already");
      }
      waiting.add(task);
    }
    runWaiting();
  }

  /** True where the task will not run because of this call. */
  synchronized boolean withdraw(Task task) {
    return waiting.remove(task);
  }

  private void runWaiting() {
    for (Task task = take(); task != null; task = take()) {
      Task taken = task;
      try {
        executor.execute(() -> run(taken));
      } catch (RejectedExecutionException e) {
        giveBack();
        taken.refused().accept(e);
      }
    }
  }

  private void run(Task task) {
    try {
      task.work().run();
    } finally {
      giveBack();
      runWaiting();
    }
  }

  private synchronized @Nullable Task take() {
    if (permits == 0) {
      return null;
    }
    Task task = waiting.poll();
    if (task != null) {
      permits--;
    }
    return task;
  }

  private synchronized void giveBack() {
    permits++;
  }
}
