/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The command line of the simulation: {@code ./simulate --first-seed N --seeds N}. Its exit code is
 * 0 where every invariant and every row of the table held, 1 where one did not, 2 for bad options.
 * Who interrupts it is told how to go on.
 */
public final class Simulate {
  private static final long PROGRESS_NANOS = 5_000_000_000L;
  private static final int SHOWN = 10;

  private final SimulateOptions options;
  private final PrintStream out;
  private final Remaining remaining;
  private long done;
  private int violations;
  private long shownNanos;

  private Simulate(SimulateOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
    this.remaining = new Remaining(options.firstSeed(), options.seeds());
  }

  /** Runs it. */
  public static void main(String[] words) {
    System.exit(run(words, System.out, System.err));
  }

  static int run(String[] words, PrintStream out, PrintStream err) {
    SimulateOptions options;
    try {
      options = SimulateOptions.parse(words);
    } catch (IllegalArgumentException e) {
      err.println("simulate: " + e.getMessage());
      return 2;
    }
    try {
      return new Simulate(options, out).run();
    } catch (IOException e) {
      err.println("simulate: --json " + options.json().orElse(null) + " cannot be written: " + e);
      return 2;
    }
  }

  private int run() throws IOException {
    long began = System.nanoTime();
    RangeReport report = options.trace() ? traced() : ranged(began);
    long nanos = System.nanoTime() - began;
    SimulationTable table = new SimulationTable(report, nanos);
    table.print(out);
    Optional<Path> json = options.json();
    if (json.isPresent()) {
      Files.writeString(json.get(), table.json(), StandardCharsets.UTF_8);
    }
    return table.holds() ? 0 : 1;
  }

  private RangeReport traced() {
    RangeReport.Builder range = new RangeReport.Builder();
    for (long seed = options.firstSeed(); seed < options.firstSeed() + options.seeds(); seed++) {
      out.println("seed " + seed);
      SeedReport report = Simulation.run(seed, out::println);
      out.printf("seed %d: %d events, hash %016x%n", seed, report.events(), report.hash());
      report.violation().ifPresent(violation -> out.println("VIOLATION " + violation));
      range.add(report);
    }
    return range.build();
  }

  private RangeReport ranged(long began) {
    out.printf(
        "seeds %d to %d on %d threads%n",
        options.firstSeed(), options.firstSeed() + options.seeds() - 1, options.threads());
    shownNanos = began;
    Thread farewell = new Thread(() -> out.println(remaining), "farewell");
    Runtime.getRuntime().addShutdownHook(farewell);
    RangeReport report =
        SeedRange.run(
            options.firstSeed(), options.seeds(), options.threads(), seed -> tell(seed, began));
    Runtime.getRuntime().removeShutdownHook(farewell);
    return report;
  }

  private void tell(SeedReport report, long began) {
    done++;
    remaining.onDone(report.seed());
    if (report.violation().isPresent() && ++violations <= SHOWN) {
      tellViolation(report);
    }
    long now = System.nanoTime();
    if (now - shownNanos >= PROGRESS_NANOS) {
      shownNanos = now;
      double seconds = (now - began) / 1e9;
      out.printf(
          Locale.ROOT,
          "  %,d of %,d seeds, %d violations, %.0f s, %.0f seeds a second%n",
          done,
          options.seeds(),
          violations,
          seconds,
          done / seconds);
    }
  }

  private void tellViolation(SeedReport report) {
    out.println();
    out.println("seed " + report.seed() + ": VIOLATION " + report.violation().orElseThrow());
    out.println("  its last events:");
    report.tail().forEach(line -> out.println("  " + line));
    out.println("  all of them: ./simulate --first-seed " + report.seed() + " --seeds 1 --trace");
    out.println();
  }
}
