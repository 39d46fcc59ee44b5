/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counters, gauges and timings of every room of a Runtime at one moment. Names are dotted, the room
 * first, such as {@code routing.completed} or {@code placement.placeholder.hits}.
 *
 * @param counters values that only grow
 * @param gauges values of the moment
 * @param timings distributions of durations
 */
public record MetricsSnapshot(
    SortedMap<String, Long> counters,
    SortedMap<String, Long> gauges,
    SortedMap<String, Timing> timings) {
  public MetricsSnapshot {
    counters = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(counters));
    gauges = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(gauges));
    timings = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(timings));
  }

  /** An empty snapshot. */
  public static MetricsSnapshot empty() {
    return new MetricsSnapshot(
        new TreeMap<>(Map.of()), new TreeMap<>(Map.of()), new TreeMap<>(Map.of()));
  }

  /** The counter of that name, 0 where nothing was counted. */
  public long counter(String name) {
    return counters.getOrDefault(name, 0L);
  }

  /** The gauge of that name, 0 where there is none. */
  public long gauge(String name) {
    return gauges.getOrDefault(name, 0L);
  }

  /**
   * A distribution of durations; quantiles are upper bounds of their histogram bucket (at most
   * 12.5% above the true value).
   *
   * @param count how many were recorded
   * @param totalNanos their sum
   * @param p50Nanos median
   * @param p99Nanos 99th percentile
   * @param maxNanos the longest
   */
  public record Timing(long count, long totalNanos, long p50Nanos, long p99Nanos, long maxNanos) {}
}
