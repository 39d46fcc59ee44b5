/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What it was asked for. */
record SimulateOptions(
    long firstSeed, long seeds, int threads, boolean trace, Optional<Path> json) {
  private static final String EXPECTED =
      " (expected: --first-seed N --seeds N [--threads N] [--trace] [--json FILE])";

  static SimulateOptions parse(String[] words) {
    Map<String, String> given = new LinkedHashMap<>();
    boolean trace = false;
    for (int index = 0; index < words.length; index++) {
      String word = words[index];
      switch (word) {
        case "--trace" -> trace = true;
        case "--first-seed", "--seeds", "--threads", "--json" -> {
          if (index + 1 == words.length || words[index + 1].startsWith("--")) {
            throw new IllegalArgumentException(word + " without a value" + EXPECTED);
          }
          if (given.put(word, words[++index]) != null) {
            throw new IllegalArgumentException(word + " is given twice" + EXPECTED);
          }
        }
        default -> throw new IllegalArgumentException("unknown option " + word + EXPECTED);
      }
    }
    long first = number(given, "--first-seed", 0, Long.MAX_VALUE / 2);
    long seeds = number(given, "--seeds", 1, 1_000_000_000);
    int cores = Runtime.getRuntime().availableProcessors();
    given.putIfAbsent("--threads", Integer.toString(cores));
    int threads = (int) number(given, "--threads", 1, 256);
    return new SimulateOptions(
        first,
        seeds,
        threads,
        trace,
        Optional.ofNullable(given.get("--json")).map(SimulateOptions::file));
  }

  /** Looked at now: a long run must not find at its end that it cannot write. */
  private static Path file(String text) {
    Path file = Path.of(text);
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
      throw new IllegalArgumentException(
          "--json " + text + " (expected: a file in a directory that exists)");
    }
    return file;
  }

  private static long number(Map<String, String> given, String option, long least, long most) {
    String text = given.get(option);
    if (text == null) {
      throw new IllegalArgumentException(option + " is missing" + EXPECTED);
    }
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        option + " " + text + " (expected: a whole number from " + least + " to " + most + ")");
  }
}
