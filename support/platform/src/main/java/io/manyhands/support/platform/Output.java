/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.platform;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker writes while it runs: handed on, and the last of it kept. Thread-safe. */
final class Output {
  private static final Logger LOG = LoggerFactory.getLogger(Output.class);
  private static final int LONGEST_LINE = 8_192;

  private final int bound;
  private final Consumer<String> told;
  private final Deque<String> last = new ArrayDeque<>();
  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private @Nullable AutoCloseable source;

  Output(int bound, Consumer<String> told) {
    this.bound = bound;
    this.told = told;
  }

  void line(String written) {
    String line = cut(written);
    synchronized (this) {
      last.add(line);
      if (last.size() > bound) {
        last.remove();
      }
    }
    told.accept(line);
  }

  void finished() {
    finished.complete(null);
  }

  synchronized void source(AutoCloseable follower) {
    source = follower;
  }

  /** The last lines, when all has been read or the patience is over; closes the source. */
  List<String> lastLines(Duration patience) {
    try {
      Object unused = finished.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("the end of a worker's output was not seen");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
    synchronized (this) {
      return List.copyOf(last);
    }
  }

  void close() {
    AutoCloseable open;
    synchronized (this) {
      open = source;
      source = null;
    }
    if (open != null) {
      closeQuietly(open);
    }
  }

  static void closeQuietly(AutoCloseable open) {
    try {
      open.close();
    } catch (Exception e) {
      LOG.debug("a stream could not be closed", e);
    }
  }

  static String cut(String line) {
    return line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) : line;
  }
}
