/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.inprocess;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks in order, one at a time, each as a task of its own on an executor, once it has begun.
 * What a task throws goes to the executor; the tasks after it run all the same.
 */
final class OrderedDelivery {
  private final Executor executor;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** Tasks that wait, and one more until it begins. */
  private final AtomicInteger pending = new AtomicInteger(1);

  OrderedDelivery(Executor executor) {
    this.executor = executor;
  }

  /** What was handed in before is delivered too. Once. */
  void begin() {
    if (pending.decrementAndGet() > 0) {
      executor.execute(this::next);
    }
  }

  void deliver(Runnable task) {
    tasks.add(task);
    if (pending.getAndIncrement() == 0) {
      executor.execute(this::next);
    }
  }

  private void next() {
    Runnable task = tasks.remove();
    try {
      task.run();
    } finally {
      if (pending.decrementAndGet() > 0) {
        executor.execute(this::next);
      }
    }
  }
}
