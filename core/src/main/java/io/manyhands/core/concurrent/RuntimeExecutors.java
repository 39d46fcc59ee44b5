/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.concurrent;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a Runtime: lifecycle (as many as cores, for strands), callbacks (for users'
 * listeners and futures) and blocking (for plug-ins' input and output). Their queues are bounded
 * but for lifecycle's, which holds at most one entry a strand.
 */
public final class RuntimeExecutors implements AutoCloseable {
  private static final int CALLBACK_QUEUE = 100_000;
  private static final int BLOCKING_THREADS = 16;
  private static final int BLOCKING_QUEUE = 1000;
  private static final long CLOSE_SECONDS = 5;

  private final ThreadPoolExecutor lifecycle;
  private final ThreadPoolExecutor callbacks;
  private final ThreadPoolExecutor blocking;

  private RuntimeExecutors(String name) {
    int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
    lifecycle = pool(cores, new LinkedBlockingQueue<>(), name + "-lifecycle");
    callbacks = pool(2, new ArrayBlockingQueue<>(CALLBACK_QUEUE), name + "-callbacks");
    // A full queue of callbacks slows down whoever completes calls, rather than lose a completion.
    callbacks.setRejectedExecutionHandler(new ThreadPoolExecutor.CallerRunsPolicy());
    blocking = pool(BLOCKING_THREADS, new ArrayBlockingQueue<>(BLOCKING_QUEUE), name + "-blocking");
  }

  public static RuntimeExecutors create(String name) {
    return new RuntimeExecutors(name);
  }

  public Executor lifecycle() {
    return lifecycle;
  }

  public Executor callbacks() {
    return callbacks;
  }

  public Executor blocking() {
    return blocking;
  }

  /** Lets what was given run out, then interrupts. */
  @Override
  public void close() {
    List<ThreadPoolExecutor> pools = List.of(lifecycle, blocking, callbacks);
    pools.forEach(ThreadPoolExecutor::shutdown);
    for (ThreadPoolExecutor pool : pools) {
      try {
        if (!pool.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
          pool.shutdownNow();
        }
      } catch (InterruptedException e) {
        pool.shutdownNow();
        Thread.currentThread().interrupt();
      }
    }
  }

  private static ThreadPoolExecutor pool(int threads, BlockingQueue<Runnable> queue, String name) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(threads, threads, 10, TimeUnit.SECONDS, queue, factory(name));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory factory(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
