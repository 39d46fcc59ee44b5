/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * What came to a test's host and was not taken yet. A wait ends after a minute, in an {@link
 * AssertionError} that names what is there. Thread-safe.
 *
 * @param <T> what comes
 */
public final class Mailbox<T> {
  private static final long SECONDS = 60;

  private final List<T> letters = new ArrayList<>();

  /** Puts something in. */
  public synchronized void add(T letter) {
    letters.add(letter);
    notifyAll();
  }

  /** Takes the next that fits, for which it waits; others before it stay. */
  public synchronized T next(String what, Predicate<T> fits) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (true) {
      for (Iterator<T> all = letters.iterator(); all.hasNext(); ) {
        T letter = all.next();
        if (fits.test(letter)) {
          all.remove();
          return letter;
        }
      }
      long left = until - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError("no " + what + " came; there are " + letters);
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  /** What was not taken. */
  public synchronized List<T> waiting() {
    return List.copyOf(letters);
  }

  /** Waits for a future as for a letter. */
  public static <F> F await(CompletableFuture<F> future, String what) {
    try {
      return future.get(SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("waited for " + what + " in vain", e);
    }
  }

  private static AssertionError interrupted(InterruptedException why) {
    Thread.currentThread().interrupt();
    return new AssertionError("interrupted", why);
  }
}
