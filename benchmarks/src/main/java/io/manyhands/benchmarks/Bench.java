/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks;

import io.manyhands.benchmarks.agent.AgentPart;
import io.manyhands.benchmarks.apps.ColdStartPart;
import io.manyhands.benchmarks.apps.DensityPart;
import io.manyhands.benchmarks.cost.JobHostPart;
import io.manyhands.benchmarks.cost.SpecializationPart;
import io.manyhands.benchmarks.cost.WorkerMemoryPart;
import io.manyhands.benchmarks.harness.Part;
import io.manyhands.benchmarks.harness.Plot;
import io.manyhands.benchmarks.harness.Row;
import io.manyhands.benchmarks.harness.Scale;
import io.manyhands.benchmarks.reconnect.ReconnectPart;
import io.manyhands.benchmarks.routing.HttpPart;
import io.manyhands.benchmarks.routing.RoutingPart;
import io.manyhands.benchmarks.routing.ScalePart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code PART|all [--quick] [--json FILE]}: prints tables; exit code 0 only where every target
 * holds, 1 where one is missed, 2 where it was asked wrongly.
 */
public final class Bench {
  static final List<Part> PARTS =
      List.of(
          new RoutingPart(),
          new HttpPart(),
          new JobHostPart(),
          new WorkerMemoryPart(),
          new SpecializationPart(),
          new ReconnectPart(),
          new ScalePart(),
          new ColdStartPart(),
          new DensityPart(),
          new AgentPart());

  private Bench() {}

  public static void main(String[] words) throws Exception {
    String asked = "";
    boolean quick = false;
    Path json = null;
    Path plot = null;
    for (int index = 0; index < words.length; index++) {
      if (words[index].equals("--quick")) {
        quick = true;
      } else if (words[index].equals("--json")) {
        json = index + 1 < words.length ? Path.of(words[++index]) : refuse("--json without a file");
      } else if (words[index].equals("--plot")) {
        plot = index + 1 < words.length ? Path.of(words[++index]) : refuse("--plot without a file");
      } else if (asked.isEmpty() && !words[index].startsWith("-")) {
        asked = words[index];
      } else {
        refuse("unknown word " + words[index]);
      }
    }
    List<Row> rows = run(parts(asked), quick ? Scale.QUICK : Scale.WHOLE);
    if (json != null) {
      Files.writeString(json, json(rows));
    }
    if (plot != null) {
      Files.writeString(plot, Plot.svg(rows));
    }
    long missed = rows.stream().filter(row -> !row.holds()).count();
    long targets = rows.stream().filter(row -> row.target().exists()).count();
    System.out.println(targets - missed + " of " + targets + " targets hold");
    System.exit(missed == 0 ? 0 : 1);
  }

  /** What {@code --json} writes. */
  static String json(List<Row> rows) {
    return rows.stream().map(Row::json).collect(Collectors.joining(",\n ", "[", "]\n"));
  }

  private static List<Row> run(List<Part> parts, Scale scale) throws Exception {
    List<Row> rows = new ArrayList<>();
    for (Part part : parts) {
      long begin = System.nanoTime();
      System.out.println("-- " + part.name() + scale.suffix());
      part.run(
          scale,
          table -> {
            System.out.println(table);
            rows.addAll(table.namedRows());
          });
      System.out.printf("   %.0f s%n%n", (System.nanoTime() - begin) / 1e9);
    }
    return rows;
  }

  private static List<Part> parts(String asked) {
    if (asked.equals("all")) {
      return PARTS;
    }
    List<Part> chosen = PARTS.stream().filter(part -> part.name().equals(asked)).toList();
    if (chosen.isEmpty()) {
      refuse(asked.isEmpty() ? "no part given" : "no part " + asked);
    }
    return chosen;
  }

  private static @Nullable Path refuse(String what) {
    System.err.println(
        "bench: "
            + what
            + " (expected: all or one of "
            + PARTS.stream().map(Part::name).collect(Collectors.joining(", "))
            + "; then --quick, --json FILE, --plot FILE)");
    System.exit(2);
    return null;
  }
}
