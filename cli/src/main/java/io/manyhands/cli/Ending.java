/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Lets a command that serves end in order when the process is told to. Thread-safe. */
public final class Ending {
  private static final long END_SECONDS = 90;

  private final CompletableFuture<Void> asked = new CompletableFuture<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  /** What a command does. */
  @FunctionalInterface
  public interface Serving<E extends Exception> {
    int serve() throws E, InterruptedException;
  }

  /** Asks for the end; a second time does nothing. */
  public void ask() {
    asked.complete(null);
  }

  /** Runs at the time of asking, on that thread; at once where it has been. */
  public void whenAsked(Runnable task) {
    asked.thenRun(task);
  }

  /** Waits for the asking. */
  public void await() throws InterruptedException {
    while (!await(Duration.ofDays(1))) {
      // An idle server waits for ever.
    }
  }

  /** Waits for the asking, at most so long; whether it came. */
  public boolean await(Duration atMost) throws InterruptedException {
    try {
      asked.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException notYet) {
      return false;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Runs a command; a signal meanwhile asks for the end and lets the process end after it. */
  public <E extends Exception> int around(Serving<E> command) throws E, InterruptedException {
    Thread hook = new Thread(this::askAndWait, "manyhands-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return command.serve();
    } finally {
      ended.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException endsAlready) {
        // It is this hook that runs.
      }
    }
  }

  private void askAndWait() {
    ask();
    try {
      if (!ended.await(END_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("manyhands: not ended after " + END_SECONDS + " s");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
