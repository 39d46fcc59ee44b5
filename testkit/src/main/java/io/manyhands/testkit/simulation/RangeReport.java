/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of many seeds.
 *
 * @param seeds how many
 * @param violations the reports of those that had one, by seed
 * @param hash of the hashes of all: the same for the same seeds, in whatever order they ended
 * @param events of all
 * @param medianEvents a seed
 * @param calls of all
 * @param faults of all
 * @param medianWorkers the most at one time, a seed
 * @param mostWorkers at one time in any seed
 * @param medianApplications a seed
 * @param mostApplications in any seed
 * @param healing of those that healed
 * @param counts how often each kind of thing happened, and in how many seeds
 */
public record RangeReport(
    long seeds,
    List<SeedReport> violations,
    long hash,
    long events,
    long medianEvents,
    long calls,
    long faults,
    long medianWorkers,
    long mostWorkers,
    long medianApplications,
    long mostApplications,
    Healed healing,
    SortedMap<String, Count> counts) {
  public RangeReport {
    violations = List.copyOf(violations);
  }

  /**
   * How long after the end of the faults everything served again.
   *
   * @param medianNanos of virtual time
   * @param mostNanos of virtual time
   */
  public record Healed(long seeds, long medianNanos, long mostNanos) {}

  /** How often, and in how many seeds. */
  public record Count(long times, long seeds) {
    private Count plus(long more) {
      return new Count(times + more, seeds + 1);
    }
  }

  /** How often that happened. */
  public long times(String name) {
    Count count = counts.get(name);
    return count == null ? 0 : count.times();
  }

  /** Gathers. */
  static final class Builder {
    private final List<SeedReport> violations = new ArrayList<>();
    private final List<Long> events = new ArrayList<>();
    private final List<Long> workers = new ArrayList<>();
    private final List<Long> applications = new ArrayList<>();
    private final List<Long> healed = new ArrayList<>();
    private final SortedMap<String, Count> counts = new TreeMap<>();
    private long hash;
    private long calls;
    private long faults;

    void add(SeedReport report) {
      if (report.violation().isPresent()) {
        violations.add(report);
      }
      events.add(report.events());
      workers.add((long) report.workers());
      applications.add((long) report.applications());
      report.healedNanos().ifPresent(healed::add);
      hash += report.hash() * (2 * report.seed() + 1);
      calls += report.calls();
      faults += report.faults();
      report
          .counts()
          .forEach(
              (name, times) ->
                  counts.merge(name, new Count(times, 1), (sum, one) -> sum.plus(one.times())));
    }

    RangeReport build() {
      violations.sort((one, other) -> Long.compare(one.seed(), other.seed()));
      return new RangeReport(
          events.size(),
          violations,
          hash,
          events.stream().mapToLong(Long::longValue).sum(),
          median(events),
          calls,
          faults,
          median(workers),
          most(workers),
          median(applications),
          most(applications),
          new Healed(healed.size(), median(healed), most(healed)),
          Collections.unmodifiableSortedMap(counts));
    }

    private static long median(List<Long> values) {
      List<Long> sorted = values.stream().sorted().toList();
      return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
    }

    private static long most(List<Long> values) {
      return values.stream().mapToLong(Long::longValue).max().orElse(0);
    }
  }
}
