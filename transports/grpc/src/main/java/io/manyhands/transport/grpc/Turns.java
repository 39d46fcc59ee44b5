/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one at a time and in order, in place where nobody else is at it, else on the thread of
 * whoever is. Tasks do not throw. Thread-safe.
 */
final class Turns {
  private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger pending = new AtomicInteger();

  void run(Runnable task) {
    if (pending.compareAndSet(0, 1)) {
      task.run();
      if (pending.decrementAndGet() == 0) {
        return;
      }
    } else {
      waiting.add(task);
      if (pending.getAndIncrement() != 0) {
        return;
      }
    }
    do {
      Runnable next = waiting.poll();
      if (next != null) {
        next.run();
      }
    } while (pending.decrementAndGet() > 0);
  }
}
