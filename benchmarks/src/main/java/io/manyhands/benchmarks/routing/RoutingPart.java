/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.routing;

import io.manyhands.benchmarks.harness.Part;
import io.manyhands.benchmarks.harness.Row;
import io.manyhands.benchmarks.harness.Scale;
import io.manyhands.benchmarks.harness.Table;
import io.manyhands.benchmarks.harness.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Warm invocations through {@code api.Router} beside a raw gRPC stream. */
public final class RoutingPart implements Part {
  private static final int KILOBYTE = 1024;
  private static final int MEGABYTE = KILOBYTE * KILOBYTE;

  /**
   * The loads that the targets are about are measured in many short rounds: what else the machine
   * does meanwhile then meets both sides alike.
   */
  private static final int AIMED_PAIRS = 41;

  private static final Duration AIMED_ROUND = Duration.ofMillis(800);
  private static final Duration ROUND = Duration.ofSeconds(2);

  /** A million calls or so, until the compiler has nothing left to do on either side. */
  private static final Duration FIRST_WARM_UP = Duration.ofSeconds(10);

  private static final Duration WARM_UP = Duration.ofSeconds(1);

  private static final List<String> SIDES =
      List.of(
          "Router: api.Router of a whole Runtime over gRPC: admission, pick, slot, in-flight entry,"
              + " deadline, phases, metrics, result object.",
          "Raw stream: grpc-java, direct executors, the same generated messages, ids and trace"
              + " context, a hash table to match answers; nothing more.",
          "Workers: clients that send the body back, in another process for each side.");

  @Override
  public String name() {
    return "routing";
  }

  @Override
  public boolean isForEveryBuild() {
    return false;
  }

  @Override
  public void run(Scale scale, Consumer<Table> tables) throws Exception {
    try (Subject raw = new RawStream(1);
        Subject direct = ThroughRouter.direct(1);
        Subject callback = ThroughRouter.callback(1)) {
      List<Row> rows = new ArrayList<>();
      List<Subject> all = List.of(raw, direct, callback);
      new Comparison(all, KILOBYTE, 64, "").warmUp(scale.warmUp(FIRST_WARM_UP));
      for (int inFlight : new int[] {1, 64, 512}) {
        Comparison aimed = new Comparison(all, KILOBYTE, inFlight, scale.suffix());
        aimed.warmUp(scale.warmUp(WARM_UP));
        aimed.measure(scale.pairs(AIMED_PAIRS), scale.round(AIMED_ROUND));
        rows.addAll(inFlight == 1 ? aimedLatency(aimed) : aimedThroughput(aimed, inFlight));
      }
      tables.accept(new Table("1 KB, 1 worker", raw.name(), rows, SIDES));
      otherBodies(scale, List.of(raw, direct), tables);
      try (Subject queueing = ThroughRouter.queueing()) {
        tables.accept(
            new Table(
                "1 KB, 1 worker",
                raw.name(),
                other(scale, List.of(raw, queueing), KILOBYTE, 512, ""),
                List.of("What exceeds the slots waits in the application's queue.")));
      }
    }
    for (int workers : new int[] {10, 100}) {
      try (Subject raw = new RawStream(workers);
          Subject direct = ThroughRouter.direct(workers)) {
        List<Row> rows = new ArrayList<>();
        for (int inFlight : new int[] {1, 64, 512}) {
          rows.addAll(other(scale, List.of(raw, direct), KILOBYTE, inFlight, ""));
        }
        tables.accept(
            new Table(
                "1 KB, " + workers + " workers",
                raw.name(),
                rows,
                List.of("An application for each worker; calls go to each in turn.")));
      }
    }
  }

  private static List<Row> aimedLatency(Comparison aimed) {
    List<Row> rows = new ArrayList<>();
    for (int subject : new int[] {1, 2}) {
      boolean direct = subject == 1;
      rows.add(
          aimed.row(
              subject,
              "p50",
              "us",
              Sample::p50Micros,
              direct ? Target.atMost(1.25) : Target.none()));
      rows.add(
          aimed.row(
              subject,
              "p99",
              "us",
              Sample::p99Micros,
              direct ? Target.atMost(1.5) : Target.none()));
      rows.add(aimed.row(subject, "p99.9", "us", Sample::p999Micros, Target.none()));
      rows.add(
          aimed.row(
              subject, "processor time of this side", "us", Sample::cpuMicros, Target.none()));
      rows.add(aimed.row(subject, "allocated", "B", Sample::allocatedBytes, Target.none()));
      rows.add(
          aimed.beyond(
              subject,
              "allocated beyond raw",
              "B",
              Sample::allocatedBytes,
              direct ? Target.atMost(2048) : Target.none()));
    }
    return rows;
  }

  private static List<Row> aimedThroughput(Comparison aimed, int inFlight) {
    List<Row> rows = new ArrayList<>();
    for (int subject : new int[] {1, 2}) {
      boolean aim = subject == 1 && inFlight == 64;
      rows.add(
          aimed.row(
              subject,
              "calls",
              "1/s",
              Sample::perSecond,
              aim ? Target.atLeast(0.8) : Target.none()));
      rows.add(
          aimed.row(
              subject, "processor time of this side", "us", Sample::cpuMicros, Target.none()));
    }
    return rows;
  }

  private static void otherBodies(Scale scale, List<Subject> subjects, Consumer<Table> tables)
      throws InterruptedException {
    List<Row> rows = new ArrayList<>();
    rows.addAll(other(scale, subjects, 100, 1, "100 B: "));
    rows.addAll(other(scale, subjects, 100, 64, "100 B: "));
    rows.addAll(other(scale, subjects, 64 * KILOBYTE, 1, "64 KB: "));
    rows.addAll(other(scale, subjects, 64 * KILOBYTE, 64, "64 KB: "));
    rows.addAll(other(scale, subjects, MEGABYTE, 1, "1 MB: "));
    // More at once would meet the bounds of outbox and queue, which a raw stream has not.
    rows.addAll(other(scale, subjects, MEGABYTE, 8, "1 MB: "));
    tables.accept(new Table("Other bodies, 1 worker", subjects.get(0).name(), rows, List.of()));
  }

  private static List<Row> other(
      Scale scale, List<Subject> subjects, int bodyBytes, int inFlight, String what)
      throws InterruptedException {
    Comparison comparison = new Comparison(subjects, bodyBytes, inFlight, scale.suffix());
    comparison.warmUp(scale.warmUp(WARM_UP));
    comparison.measure(scale.pairs(Scale.PAIRS), scale.round(ROUND));
    List<Row> rows = new ArrayList<>();
    if (inFlight == 1) {
      rows.add(comparison.row(1, what + "p50", "us", Sample::p50Micros, Target.none()));
      rows.add(comparison.row(1, what + "p99", "us", Sample::p99Micros, Target.none()));
      rows.add(comparison.row(1, what + "allocated", "B", Sample::allocatedBytes, Target.none()));
    } else {
      rows.add(comparison.row(1, what + "calls", "1/s", Sample::perSecond, Target.none()));
    }
    return rows;
  }
}
