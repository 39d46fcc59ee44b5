/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.scaling;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Calls of an application over a window that ends now, as a step function: what was seen holds
 * until something else is seen. Before the first sight there was nothing.
 */
final class LoadHistory {
  private final long windowNanos;
  private final ArrayDeque<Sight> sights = new ArrayDeque<>();

  private record Sight(long nanos, int calls, int workers) {}

  LoadHistory(long windowNanos) {
    this.windowNanos = windowNanos;
  }

  /**
   * Notes what is seen now.
   *
   * @param calls that run or wait
   * @param workers that are desired
   */
  void add(long nanos, int calls, int workers) {
    sights.addLast(new Sight(nanos, calls, workers));
    // The last one from before the window says what was at its beginning.
    while (sights.size() > 1) {
      Iterator<Sight> oldest = sights.iterator();
      oldest.next();
      if (nanos - oldest.next().nanos() < windowNanos) {
        return;
      }
      sights.removeFirst();
    }
  }

  /** Calls on average over so much time before now, at most the window. */
  double average(long now, long nanos) {
    double sum = 0;
    long end = now;
    Iterator<Sight> newest = sights.descendingIterator();
    while (newest.hasNext() && now - end < nanos) {
      Sight sight = newest.next();
      long begin = Math.max(sight.nanos(), now - nanos);
      sum += (double) (end - begin) * sight.calls();
      end = begin;
    }
    return sum / nanos;
  }

  /** The most workers that were desired within the window. */
  int mostWorkers() {
    int most = 0;
    for (Sight sight : sights) {
      most = Math.max(most, sight.workers());
    }
    return most;
  }
}
