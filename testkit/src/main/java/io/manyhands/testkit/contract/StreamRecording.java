/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Keeps what one end of a stream heard, in order. Thread-safe.
 *
 * @param <M> the messages
 */
public final class StreamRecording<M> {
  private final List<M> messages = new ArrayList<>();
  private final List<End> ends = new ArrayList<>();
  private int writable;
  private int late;

  /** How a stream ended. */
  public record End(String reason, boolean orderly) {}

  /** A message was heard. */
  public synchronized void onMessage(M message) {
    messages.add(message);
    news();
  }

  /** Room after a refusal. */
  public synchronized void onWritable() {
    writable++;
    news();
  }

  /** The end. */
  public synchronized void onEnd(String reason, boolean orderly) {
    if (!ends.isEmpty()) {
      late++;
    }
    ends.add(new End(reason, orderly));
    notifyAll();
  }

  /** Everything so far. */
  public synchronized List<M> messages() {
    return List.copyOf(messages);
  }

  /** Every end that was told so far; more than one is a mistake. */
  public synchronized List<End> ends() {
    return List.copyOf(ends);
  }

  /** How often it was told that there is room. */
  public synchronized int writable() {
    return writable;
  }

  /** How much was told after the end. */
  public synchronized int late() {
    return late;
  }

  /** Waits until something holds; false where that does not come in time. */
  public synchronized boolean await(
      Predicate<? super StreamRecording<M>> condition, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while (!condition.test(this)) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void news() {
    if (!ends.isEmpty()) {
      late++;
    }
    notifyAll();
  }
}
