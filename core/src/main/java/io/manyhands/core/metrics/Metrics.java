/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.metrics;

import io.manyhands.api.MetricsSnapshot;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** All measurements of one Runtime. Thread-safe; look a counter or timing up once and keep it. */
public final class Metrics {
  private final ConcurrentMap<String, LongAdder> counters = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, LongSupplier> gauges = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Timing> timings = new ConcurrentHashMap<>();

  public LongAdder counter(String name) {
    return counters.computeIfAbsent(name, key -> new LongAdder());
  }

  /** Asks the supplier at each snapshot. */
  public void gauge(String name, LongSupplier value) {
    gauges.put(name, value);
  }

  public Timing timing(String name) {
    return timings.computeIfAbsent(name, key -> new Timing());
  }

  public MetricsSnapshot snapshot() {
    SortedMap<String, Long> counted = new TreeMap<>();
    counters.forEach((name, adder) -> counted.put(name, adder.sum()));
    SortedMap<String, Long> gauged = new TreeMap<>();
    gauges.forEach((name, supplier) -> gauged.put(name, supplier.getAsLong()));
    SortedMap<String, MetricsSnapshot.Timing> timed = new TreeMap<>();
    timings.forEach((name, timing) -> timed.put(name, timing.snapshot()));
    return new MetricsSnapshot(counted, gauged, timed);
  }

  /** A distribution of durations: eight buckets for each doubling. Recording allocates nothing. */
  public static final class Timing {
    private static final int STEPS_BITS = 3;
    private static final int STEPS = 1 << STEPS_BITS;

    private final AtomicLongArray buckets = new AtomicLongArray(64 * STEPS);
    private final LongAdder total = new LongAdder();
    private final LongAccumulator longest = new LongAccumulator(Math::max, 0);

    public void record(long nanos) {
      long value = Math.max(0, nanos);
      buckets.getAndIncrement(bucket(value));
      total.add(value);
      longest.accumulate(value);
    }

    MetricsSnapshot.Timing snapshot() {
      long[] counts = new long[buckets.length()];
      long count = 0;
      for (int index = 0; index < counts.length; index++) {
        counts[index] = buckets.get(index);
        count += counts[index];
      }
      long max = longest.get();
      return new MetricsSnapshot.Timing(
          count,
          total.sum(),
          quantile(counts, count, 0.5, max),
          quantile(counts, count, 0.99, max),
          max);
    }

    private static long quantile(long[] counts, long count, double fraction, long max) {
      long wanted = (long) Math.ceil(count * fraction);
      long seen = 0;
      for (int index = 0; index < counts.length; index++) {
        seen += counts[index];
        if (seen >= wanted && seen > 0) {
          return Math.min(max, upperBound(index));
        }
      }
      return max;
    }

    private static int bucket(long value) {
      if (value < STEPS) {
        return (int) value;
      }
      int exponent = 63 - Long.numberOfLeadingZeros(value);
      int step = (int) (value >>> (exponent - STEPS_BITS)) & (STEPS - 1);
      return (exponent - STEPS_BITS + 1) * STEPS + step;
    }

    private static long upperBound(int bucket) {
      if (bucket < STEPS) {
        return bucket;
      }
      int exponent = bucket / STEPS + STEPS_BITS - 1;
      long step = bucket % STEPS;
      return ((STEPS + step + 1) << (exponent - STEPS_BITS)) - 1;
    }
  }
}
