/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * {@code routing|all [--quick] [--json FILE]}: prints a table; exit code 0 only where every target
 * holds.
 */
public final class Bench {
  private Bench() {}

  public static void main(String[] words) throws Exception {
    String part = "";
    boolean quick = false;
    Path json = null;
    for (int index = 0; index < words.length; index++) {
      switch (words[index]) {
        case "--quick" -> quick = true;
        case "--json" ->
            json =
                index + 1 < words.length
                    ? Path.of(words[++index])
                    : refuse("--json without a file");
        case "routing", "all" -> part = words[index];
        default -> refuse("unknown word " + words[index]);
      }
    }
    if (part.isEmpty()) {
      refuse("no part given");
    }
    List<Row> rows = Routing.run(quick);
    System.out.printf(
        "%n%-60s %12s %-4s %12s %7s %7s%n",
        "1 KB calls, one light worker", "median", "", "raw stream", "ratio", "target");
    rows.forEach(System.out::println);
    if (json != null) {
      Files.writeString(
          json, rows.stream().map(Row::json).collect(Collectors.joining(",\n ", "[", "]\n")));
    }
    System.exit(rows.stream().allMatch(Row::holds) ? 0 : 1);
  }

  private static Path refuse(String what) {
    System.err.println("bench: " + what + " (expected: routing or all, then --quick, --json FILE)");
    System.exit(2);
    throw new IllegalStateException();
  }
}
