/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.scaling;

import java.time.Duration;

/**
 * How often an application was idle for how long, in bins of equal width. Old times count for less:
 * at a thousand all counts are halved.
 */
final class IdleTimes {
  private static final int FULL = 1000;

  private final long binNanos;
  private final int[] counts;
  private int within;
  private int beyond;

  IdleTimes(Duration bin, Duration range) {
    this.binNanos = bin.toNanos();
    this.counts = new int[(int) Math.max(1, (range.toNanos() + binNanos - 1) / binNanos)];
  }

  void add(Duration idle) {
    long index = Math.max(0, idle.toNanos() / binNanos);
    if (index < counts.length) {
      counts[(int) index]++;
      within++;
    } else {
      beyond++;
    }
    if (total() >= FULL) {
      halve();
    }
  }

  private void halve() {
    within = 0;
    beyond /= 2;
    for (int index = 0; index < counts.length; index++) {
      counts[index] /= 2;
      within += counts[index];
    }
  }

  int total() {
    return within + beyond;
  }

  /** Those longer than the range. */
  int beyond() {
    return beyond;
  }

  /** The bin that the fraction of the times within the range has come to. */
  private int bin(double fraction) {
    int wanted = Math.max(1, (int) Math.ceil(within * fraction));
    int seen = 0;
    for (int index = 0; index < counts.length; index++) {
      seen += counts[index];
      if (seen >= wanted) {
        return index;
      }
    }
    return counts.length - 1;
  }

  /** The fraction of the times, rounded down to a whole bin. */
  Duration floor(double fraction) {
    return Duration.ofNanos(bin(fraction) * binNanos);
  }

  /** The fraction of the times, rounded up to a whole bin. */
  Duration ceiling(double fraction) {
    return Duration.ofNanos((bin(fraction) + 1) * binNanos);
  }

  /**
   * Standard deviation of the bins' counts as a multiple of their mean: high where the times are
   * alike, low where they are spread.
   */
  double variation() {
    if (within == 0) {
      return 0;
    }
    double mean = (double) within / counts.length;
    double squares = 0;
    for (int count : counts) {
      squares += (count - mean) * (count - mean);
    }
    return Math.sqrt(squares / counts.length) / mean;
  }
}
