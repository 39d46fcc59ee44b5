/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The figures of a range, for people and as JSON. */
final class SimulationTable {
  private static final long LEAST_MEDIAN_EVENTS = 1000;

  private final RangeReport report;
  private final double seconds;

  SimulationTable(RangeReport report, long nanos) {
    this.report = report;
    this.seconds = nanos / 1e9;
  }

  /**
   * One figure.
   *
   * @param target null where there is none
   */
  private record Row(
      String name,
      double value,
      String unit,
      @org.jspecify.annotations.Nullable Double target,
      boolean holds) {
    String json() {
      return String.format(
          Locale.ROOT,
          "{\"name\":\"%s\",\"value\":%.3f,\"unit\":\"%s\",\"baseline\":null,\"ratio\":null,\"target\":%s,\"holds\":%b}",
          name,
          value,
          unit,
          target,
          holds);
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "%-44s %,16.1f %-8s %8s  %s",
          name,
          value,
          unit,
          target == null ? "-" : String.format(Locale.ROOT, "%.0f", target),
          holds ? "holds" : "MISSED");
    }
  }

  private List<Row> rows() {
    int broken = report.violations().size();
    return List.of(
        figure("seeds", report.seeds(), "seeds"),
        new Row("violations", broken, "seeds", 0.0, broken == 0),
        new Row(
            "median events a seed",
            (double) report.medianEvents(),
            "events",
            (double) LEAST_MEDIAN_EVENTS,
            report.medianEvents() >= LEAST_MEDIAN_EVENTS),
        figure("events", report.events(), "events"),
        figure("calls", report.calls(), "calls"),
        figure("faults", report.faults(), "faults"),
        figure("median workers a seed", report.medianWorkers(), "workers"),
        figure("most workers in a seed", report.mostWorkers(), "workers"),
        figure("median applications a seed", report.medianApplications(), "apps"),
        figure("most applications in a seed", report.mostApplications(), "apps"),
        figure("seeds that had to heal", report.healing().seeds(), "seeds"),
        figure("median time to heal, virtual", report.healing().medianNanos() / 1e9, "s"),
        figure("longest time to heal, virtual", report.healing().mostNanos() / 1e9, "s"),
        figure("wall-clock time", seconds, "s"),
        figure("seeds a second", report.seeds() / seconds, "seeds/s"));
  }

  /** Every row that has a target reaches it. */
  boolean holds() {
    return rows().stream().allMatch(Row::holds);
  }

  private static Row figure(String name, long value, String unit) {
    return figure(name, (double) value, unit);
  }

  private static Row figure(String name, double value, String unit) {
    return new Row(name, value, unit, null, true);
  }

  void print(PrintStream out) {
    out.printf("%n%-64s %12s %10s%n", "what happened", "times", "seeds");
    report
        .counts()
        .forEach(
            (name, count) ->
                out.printf(Locale.ROOT, "%-64s %,12d %,10d%n", name, count.times(), count.seeds()));
    if (!report.violations().isEmpty()) {
      out.println();
      report
          .violations()
          .forEach(
              failed ->
                  out.println(
                      "seed "
                          + failed.seed()
                          + ": "
                          + failed
                              .violation()
                              .orElseThrow()
                              .toString()
                              .lines()
                              .findFirst()
                              .orElse("")));
    }
    out.printf("%nhash of all events: %016x%n", report.hash());
    out.printf("%n%-44s %16s %-8s %8s%n", "", "value", "", "target");
    rows().forEach(row -> out.println(row.line()));
  }

  String json() {
    return rows().stream().map(Row::json).collect(Collectors.joining(",\n ", "[", "]\n"));
  }
}
