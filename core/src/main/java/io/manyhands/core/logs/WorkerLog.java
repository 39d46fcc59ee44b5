/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.logs;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.core.concurrent.Strand;
import io.manyhands.spi.transport.WorkerMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * One worker's log entries and output lines, passed on to slf4j in order on the callback executor:
 * user entries to {@code io.manyhands.app.<application>}, where the function is known to its {@code
 * .<function>} below, the worker's own to {@code io.manyhands.worker}, output to {@code
 * io.manyhands.output.<application>}. The MDC has {@code worker}, {@code app}, {@code function} and
 * {@code invocation}, as far as they are known. At most 1,000 entries of 1 Mi characters together
 * wait; more are dropped, counted and mentioned. Keeps the last lines of output. Thread-safe, never
 * blocks.
 */
public final class WorkerLog {
  private static final int WAITING = 1000;
  private static final int WAITING_CHARACTERS = 1 << 20;

  /** With it a worker marks lines that are its own and not a function's. */
  private static final String OWN_OUTPUT = "LanguageWorkerConsoleLog";

  private final WorkerId worker;
  private final Strand strand;
  private final LogBacklog backlog;
  private final int lines;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger waitingCharacters = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();
  private final Deque<String> lastOutput = new ArrayDeque<>();
  private volatile @Nullable ApplicationId application;

  /**
   * @param backlog the whole Runtime's
   * @param lines how many lines of output are kept
   */
  public WorkerLog(WorkerId worker, Executor callbacks, LogBacklog backlog, int lines) {
    this.worker = worker;
    this.strand = new Strand(callbacks, "log of worker " + worker);
    this.backlog = backlog;
    this.lines = lines;
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
    String error =
        entry
            .error()
            .map(
                thrown -> ": " + thrown.type() + " " + thrown.message() + " " + thrown.stackTrace())
            .orElse("");
    ApplicationId of = application;
    String named = function == null ? "" : LogText.name(function);
    String name = "io.manyhands.worker";
    if (of != null && !entry.system()) {
      name = "io.manyhands.app." + of + (named.isEmpty() ? "" : "." + named);
    }
    Logger logger = LoggerFactory.getLogger(name);
    if (logger.isEnabledForLevel(level)) {
      String text = LogText.line(entry.message() + error);
      write(logger, level, text, of, named, LogText.name(entry.invocationId()));
    }
  }

  /** A line of standard output or error. */
  public void onOutput(String line, boolean error) {
    String clean = LogText.line(line);
    synchronized (lastOutput) {
      if (lastOutput.size() == lines) {
        lastOutput.removeFirst();
      }
      lastOutput.addLast(clean);
    }
    ApplicationId of = application;
    Logger logger =
        LoggerFactory.getLogger(
            clean.startsWith(OWN_OUTPUT)
                ? "io.manyhands.worker"
                : "io.manyhands.output." + (of == null ? "placeholder" : of));
    Level level = error ? Level.WARN : Level.INFO;
    if (logger.isEnabledForLevel(level)) {
      write(logger, level, clean, of, "", "");
    }
  }

  /** The last lines of output, oldest first. */
  public List<String> lastOutput() {
    synchronized (lastOutput) {
      return List.copyOf(lastOutput);
    }
  }

  private void write(
      Logger logger,
      Level level,
      String text,
      @Nullable ApplicationId of,
      String function,
      String invocation) {
    if (!backlog.passes(of) || !tryTake(text.length())) {
      dropped.incrementAndGet();
      backlog.dropped();
      return;
    }
    strand.execute(
        () -> {
          give(text.length());
          long lost = dropped.getAndSet(0);
          try {
            put("worker", worker.display());
            put("app", of == null ? "" : of.value());
            put("function", function);
            put("invocation", invocation);
            if (lost > 0) {
              logger.warn(
                  "{} log entries of this worker were dropped before this one: more than {}, or than {}"
                      + " characters, or more than the Runtime takes, waited to be logged, or its"
                      + " application wrote more a second than it may",
                  lost,
                  WAITING,
                  WAITING_CHARACTERS);
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

  private boolean tryTake(int characters) {
    int entries = waiting.incrementAndGet();
    int total = waitingCharacters.addAndGet(characters);
    if (entries <= WAITING && total <= WAITING_CHARACTERS && backlog.tryTake(characters)) {
      return true;
    }
    waiting.decrementAndGet();
    waitingCharacters.addAndGet(-characters);
    return false;
  }

  private void give(int characters) {
    waiting.decrementAndGet();
    waitingCharacters.addAndGet(-characters);
    backlog.give(characters);
  }

  private static void put(String key, String value) {
    if (!value.isEmpty()) {
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
}
