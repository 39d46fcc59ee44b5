/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.routing;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One round of one subject.
 *
 * @param p50Micros of a call; with several in flight only {@code perSecond} is measured
 * @param cpuMicros of this process, a call
 * @param allocatedBytes by all threads of this process, a call
 */
record Sample(
    double p50Micros,
    double p99Micros,
    double p999Micros,
    double perSecond,
    double cpuMicros,
    double allocatedBytes) {
  private static final long PATIENCE_SECONDS = 30;
  private static final int MOST_CALLS = 2_000_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** Calls for that long with so many in flight. */
  static Sample take(Subject.Caller caller, int inFlight, Duration length)
      throws InterruptedException {
    long allocated = allocated();
    long cpu = SYSTEM.getProcessCpuTime();
    long begin = System.nanoTime();
    double[] micros = inFlight == 1 ? oneByOne(caller, begin + length.toNanos()) : new double[0];
    int calls =
        inFlight == 1 ? micros.length : together(caller, inFlight, begin + length.toNanos());
    double nanos = System.nanoTime() - begin;
    cpu = SYSTEM.getProcessCpuTime() - cpu;
    allocated = allocated() - allocated;
    Arrays.sort(micros);
    return new Sample(
        quantile(micros, 0.5),
        quantile(micros, 0.99),
        quantile(micros, 0.999),
        calls / nanos * 1e9,
        cpu / 1e3 / calls,
        (double) allocated / calls);
  }

  private static double[] oneByOne(Subject.Caller caller, long until) throws InterruptedException {
    double[] micros = new double[1 << 12];
    Semaphore answered = new Semaphore(0);
    Runnable release = answered::release;
    int calls = 0;
    for (long before = System.nanoTime(); before < until && calls < MOST_CALLS; calls++) {
      caller.call(release);
      await(answered, 1);
      long after = System.nanoTime();
      if (calls == micros.length) {
        micros = Arrays.copyOf(micros, 2 * calls);
      }
      micros[calls] = (after - before) / 1e3;
      before = after;
    }
    return Arrays.copyOf(micros, calls);
  }

  private static int together(Subject.Caller caller, int inFlight, long until)
      throws InterruptedException {
    Semaphore free = new Semaphore(inFlight);
    Runnable release = free::release;
    int calls = 0;
    for (; System.nanoTime() < until; calls++) {
      await(free, 1);
      caller.call(release);
    }
    await(free, inFlight);
    return calls;
  }

  private static void await(Semaphore semaphore, int permits) throws InterruptedException {
    if (!semaphore.tryAcquire(permits, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("no answer within " + PATIENCE_SECONDS + " s");
    }
  }

  private static double quantile(double[] sorted, double fraction) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, sorted.length * fraction)];
  }

  private static long allocated() {
    long sum = 0;
    for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }
}
