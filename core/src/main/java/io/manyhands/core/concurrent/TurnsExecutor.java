/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.concurrent;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a shared executor no more than some tasks at a time and keeps the others, in order, so that
 * a crowd of them neither fills the shared queue nor is refused by it. What waits here is bounded
 * by whoever submits. Thread-safe.
 */
public final class TurnsExecutor implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(TurnsExecutor.class);

  private final Executor shared;
  private final int atATime;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int given;

  public TurnsExecutor(Executor shared, int atATime) {
    this.shared = shared;
    this.atATime = atATime;
  }

  /** Fails where the shared executor refuses and no task of ours is there to give the next turn. */
  @Override
  public void execute(Runnable task) {
    synchronized (this) {
      if (given == atATime) {
        waiting.addLast(task);
        return;
      }
      given++;
    }
    try {
      shared.execute(() -> run(task));
    } catch (RejectedExecutionException e) {
      synchronized (this) {
        given--;
        if (given > 0) {
          waiting.addLast(task);
          return;
        }
      }
      throw e;
    }
  }

  /** One turn is one thread of the shared executor, for as long as there is something to do. */
  private void run(Runnable first) {
    @Nullable Runnable task = first;
    while (task != null) {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.error("a task failed", e);
      }
      task = next();
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable task = waiting.pollFirst();
    if (task == null) {
      given--;
    }
    return task;
  }
}
