/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.platform;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs at most so many tasks at once on an executor; a bounded number of others waits in order, and
 * an unbounded number of urgent ones before them, whose owner bounds them. Thread-safe.
 */
public final class CallQueue {
  /**
   * A piece of work.
   *
   * @param work runs on the executor
   * @param refused is told where the executor takes no more
   */
  public record Task(Runnable work, Consumer<RejectedExecutionException> refused) {}

  private final Executor executor;
  private final int bound;
  private final Deque<Task> waiting = new ArrayDeque<>();
  private final Deque<Task> urgent = new ArrayDeque<>();
  private int permits;

  public CallQueue(int permits, int bound, Executor executor) {
    this.permits = permits;
    this.bound = bound;
    this.executor = executor;
  }

  /** Throws {@link RejectedExecutionException} where too many wait. */
  public void submit(Task task) {
    synchronized (this) {
      if (waiting.size() >= bound) {
        throw new RejectedExecutionException(bound + " launches wait already");
      }
      waiting.add(task);
    }
    runWaiting();
  }

  /** Goes before all that is not urgent. */
  public void submitUrgent(Task task) {
    synchronized (this) {
      urgent.add(task);
    }
    runWaiting();
  }

  /** True where the task will not run because of this call. */
  public synchronized boolean withdraw(Task task) {
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
    Task task = urgent.poll();
    if (task == null) {
      task = waiting.poll();
    }
    if (task != null) {
      permits--;
    }
    return task;
  }

  private synchronized void giveBack() {
    permits++;
  }
}
