/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.platform;

import io.manyhands.spi.time.Scheduler;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Every call against a platform goes through here, so that no more than the permits are in flight.
 */
final class Calls {
  private static final int MAX_WAITING = 100_000;
  private static final Duration FULL = Duration.ofMillis(250);

  private final CallQueue queue;
  private final Scheduler scheduler;
  private final Set<Scheduler.Cancellable> timers = ConcurrentHashMap.newKeySet();
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean closed;

  Calls(int permits, Executor blocking, Scheduler scheduler) {
    this.queue = new CallQueue(permits, MAX_WAITING, blocking);
    this.scheduler = scheduler;
  }

  int inFlight() {
    return inFlight.get();
  }

  CallQueue.Task task(
      Runnable work, java.util.function.Consumer<RejectedExecutionException> refused) {
    return new CallQueue.Task(() -> counted(work), refused);
  }

  void start(CallQueue.Task task) {
    queue.submit(task);
  }

  boolean withdraw(CallQueue.Task task) {
    return queue.withdraw(task);
  }

  /** Runs before all starts; a full executor is tried again. */
  void urgent(Runnable work) {
    queue.submitUrgent(task(work, e -> later(FULL, () -> urgent(work))));
  }

  /** The same, with its end. */
  CompletableFuture<Void> call(PlatformCall work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    urgent(
        () -> {
          try {
            work.run();
            done.complete(null);
          } catch (Exception e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  /** Something that may fail. */
  @FunctionalInterface
  interface PlatformCall {
    void run() throws PlatformException;
  }

  /** Runs a short task later, on the scheduler's thread; never after {@link #close}. */
  void later(Duration delay, Runnable task) {
    if (closed) {
      return;
    }
    TimedTask timed = new TimedTask(task);
    timed.cancellable = scheduler.schedule(timed, delay);
    timers.add(timed);
    if (timed.done || closed) {
      timers.remove(timed);
    }
    if (closed) {
      timed.cancel();
    }
  }

  void close() {
    closed = true;
    timers.forEach(Scheduler.Cancellable::cancel);
    timers.clear();
  }

  private void counted(Runnable work) {
    inFlight.incrementAndGet();
    try {
      work.run();
    } finally {
      inFlight.decrementAndGet();
    }
  }

  private final class TimedTask implements Runnable, Scheduler.Cancellable {
    private final Runnable task;
    private volatile boolean done;
    private volatile Scheduler.Cancellable cancellable = () -> false;

    TimedTask(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      done = true;
      timers.remove(this);
      if (!closed) {
        task.run();
      }
    }

    @Override
    public boolean cancel() {
      return cancellable.cancel();
    }
  }
}
