/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs seeds one after the other on several threads, each seed on one. A seed that does not come to
 * an end is a violation as any other, with the place where it hangs.
 */
public final class SeedRange {
  /** A seed takes a tenth of a second; one that takes that long will never end. */
  private static final long HANGS_AFTER_SECONDS = 120;

  private static final long LOOK_EVERY_MILLIS = 200;

  private final long first;
  private final long end;
  private final AtomicLong next;
  private final BlockingQueue<SeedReport> reports = new LinkedBlockingQueue<>();
  private final Map<Thread, Running> running =
      new TreeMap<>(java.util.Comparator.comparingLong(Thread::getId));

  private record Running(long seed, long sinceNanos) {}

  private SeedRange(long first, long seeds) {
    this.first = first;
    this.end = first + seeds;
    this.next = new AtomicLong(first);
  }

  /**
   * Runs them all.
   *
   * @param threads how many at once
   * @param reader is told of each seed as it ends, on this thread
   */
  public static RangeReport run(long first, long seeds, int threads, Consumer<SeedReport> reader) {
    return new SeedRange(first, seeds).run(threads, reader);
  }

  private RangeReport run(int threads, Consumer<SeedReport> reader) {
    SimulationLogs.requireChosen();
    RangeReport.Builder range = new RangeReport.Builder();
    for (int number = 0; number < threads; number++) {
      startThread();
    }
    for (long missing = end - first; missing > 0; missing--) {
      SeedReport report = take();
      range.add(report);
      reader.accept(report);
    }
    return range.build();
  }

  private void startThread() {
    Thread thread = new Thread(this::work, "simulation");
    thread.setDaemon(true);
    thread.start();
  }

  private void work() {
    for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
      begin(seed);
      SeedReport report = Simulation.run(seed);
      if (!end()) {
        return;
      }
      reports.add(report);
    }
  }

  private synchronized void begin(long seed) {
    running.put(Thread.currentThread(), new Running(seed, System.nanoTime()));
  }

  /** False where it was given up, and another thread does its work. */
  private synchronized boolean end() {
    return running.remove(Thread.currentThread()) != null;
  }

  private SeedReport take() {
    while (true) {
      try {
        SeedReport report = reports.poll(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        if (report == null) {
          report = hanging();
        }
        if (report != null) {
          return report;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while seeds run", e);
      }
    }
  }

  private synchronized @Nullable SeedReport hanging() {
    for (Map.Entry<Thread, Running> entry : running.entrySet()) {
      long seconds =
          TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - entry.getValue().sinceNanos());
      if (seconds >= HANGS_AFTER_SECONDS) {
        running.remove(entry.getKey());
        startThread();
        return hung(entry.getValue().seed(), seconds, entry.getKey().getStackTrace());
      }
    }
    return null;
  }

  private static SeedReport hung(long seed, long seconds, StackTraceElement[] stack) {
    StringBuilder where = new StringBuilder("not done after " + seconds + " s, at");
    for (StackTraceElement element : stack) {
      where.append("\n  ").append(element);
    }
    return new SeedReport(
        seed,
        Optional.of(new Violation(Invariant.NO_LIVELOCK, where.toString())),
        0,
        0,
        0,
        0,
        0,
        0,
        Optional.empty(),
        new TreeMap<>(),
        List.of());
  }
}
