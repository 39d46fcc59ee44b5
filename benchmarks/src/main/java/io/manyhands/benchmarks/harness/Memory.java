/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Memory of processes as the kernel counts it. */
public final class Memory {
  private static final String PSS = "Pss:";

  private Memory() {}

  /** Proportional set size of a process and all that it started, in megabytes. */
  public static double pssMegabytes(long pid) throws IOException {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    double sum = 0;
    for (ProcessHandle one : Stream.concat(Stream.of(process), process.descendants()).toList()) {
      sum += one(one.pid());
    }
    return sum;
  }

  /** That of this process alone, in megabytes. */
  public static double ownPssMegabytes() throws IOException {
    return one(ProcessHandle.current().pid());
  }

  private static double one(long pid) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
      return lines
              .filter(line -> line.startsWith(PSS))
              .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
              .sum()
          / 1024.0;
    } catch (NoSuchFileException e) {
      // It ended meanwhile.
      return 0;
    }
  }
}
