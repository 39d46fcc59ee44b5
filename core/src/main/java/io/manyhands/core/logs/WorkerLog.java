/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.logs;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.core.concurrent.Strand;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.spi.transport.WorkerMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * One worker's log entries and output lines, passed on to slf4j in order on the callback executor:
 * user entries to {@code io.manyhands.app.<application>}, the worker's own to {@code
 * io.manyhands.worker}, output to {@code io.manyhands.output.<application>}. At most 1,000 entries
 * wait; more are dropped and counted. Keeps the last lines of output. Thread-safe, never blocks.
 */
public final class WorkerLog {
  private static final int WAITING = 1000;
  private static final int LONGEST_LINE = 4096;

  private final WorkerId worker;
  private final Strand strand;
  private final int lines;
  private final LongAdder droppedTotal;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();
  private final Deque<String> lastOutput = new ArrayDeque<>();
  private volatile @Nullable ApplicationId application;

  /**
   * @param lines how many lines of output are kept
   */
  public WorkerLog(WorkerId worker, Executor callbacks, Metrics metrics, int lines) {
    this.worker = worker;
    this.strand = new Strand(callbacks, "log of worker " + worker);
    this.lines = lines;
    this.droppedTotal = metrics.counter("logs.dropped");
  }

  /** Entries from now on are of that application. */
  public void specialize(ApplicationId id) {
    application = id;
  }

  /** An entry of the worker; the function's name where it is known. */
  public void onEntry(WorkerMessage.LogEntry entry, @Nullable String function) {
    Level level = level(entry.level());
    if (level == null) {
      return;
    }
    ApplicationId of = application;
    String name = of == null || entry.system() ? "io.manyhands.worker" : "io.manyhands.app." + of;
    String error =
        entry
            .error()
            .map(
                thrown -> ": " + thrown.type() + " " + thrown.message() + " " + thrown.stackTrace())
            .orElse("");
    write(name, level, line(entry.message() + error), of, function, entry.invocationId());
  }

  /** A line of standard output or error. */
  public void onOutput(String line, boolean error) {
    String clean = line(line);
    synchronized (lastOutput) {
      if (lastOutput.size() == lines) {
        lastOutput.removeFirst();
      }
      lastOutput.addLast(clean);
    }
    ApplicationId of = application;
    write(
        "io.manyhands.output." + (of == null ? "placeholder" : of),
        error ? Level.WARN : Level.INFO,
        clean,
        of,
        null,
        "");
  }

  /** The last lines of output, oldest first. */
  public List<String> lastOutput() {
    synchronized (lastOutput) {
      return List.copyOf(lastOutput);
    }
  }

  private void write(
      String name,
      Level level,
      String text,
      @Nullable ApplicationId of,
      @Nullable String function,
      String invocation) {
    Logger logger = LoggerFactory.getLogger(name);
    if (!logger.isEnabledForLevel(level)) {
      return;
    }
    if (waiting.incrementAndGet() > WAITING) {
      waiting.decrementAndGet();
      dropped.incrementAndGet();
      droppedTotal.increment();
      return;
    }
    strand.execute(
        () -> {
          waiting.decrementAndGet();
          long lost = dropped.getAndSet(0);
          try {
            put("worker", worker.display());
            put("app", of == null ? "" : of.value());
            put("function", function);
            put("invocation", invocation);
            if (lost > 0) {
              logger.warn(
                  "{} log entries of this worker were dropped: more than {} waited", lost, WAITING);
            }
            logger.atLevel(level).log("{}", text);
          } finally {
            MDC.remove("worker");
            MDC.remove("app");
            MDC.remove("function");
            MDC.remove("invocation");
          }
        });
  }

  private static void put(String key, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      MDC.put(key, value);
    }
  }

  private static @Nullable Level level(int level) {
    return switch (level) {
      case 0 -> Level.TRACE;
      case 1 -> Level.DEBUG;
      case 2 -> Level.INFO;
      case 3 -> Level.WARN;
      case 4, 5 -> Level.ERROR;
      default -> null;
    };
  }

  /**
   * One line of bounded length: what a tenant writes must not pass for a line of somebody else's.
   */
  private static String line(String text) {
    String cut =
        text.length() > LONGEST_LINE
            ? text.substring(0, LONGEST_LINE) + "... (" + text.length() + " characters)"
            : text;
    StringBuilder clean = new StringBuilder(cut.length());
    for (int index = 0; index < cut.length(); index++) {
      char character = cut.charAt(index);
      switch (character) {
        case '\n' -> clean.append("\\n");
        case '\r' -> clean.append("\\r");
        case '\t' -> clean.append(character);
        default -> {
          if (Character.isISOControl(character)) {
            clean.append(String.format("\\u%04x", (int) character));
          } else {
            clean.append(character);
          }
        }
      }
    }
    return clean.toString();
  }
}
