/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.manyhands.support.launch.OutputLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Tells whether a process ended for want of memory: killed by the kernel while its control group
 * counted such a kill, or by itself with the words of its language. Blocks on the disk.
 */
final class OutOfMemory {
  private static final int KILLED = 128 + 9;
  private static final Map<Path, String> COUNTS =
      Map.of(
          Path.of("/sys/fs/cgroup/memory.events"), "oom_kill ",
          Path.of("/sys/fs/cgroup/memory/memory.oom_control"), "oom_kill ");

  private static final List<String> LAST_WORDS =
      List.of("java.lang.OutOfMemoryError", "JavaScript heap out of memory", "MemoryError");

  private final long before = kills();

  boolean explains(int exitCode, List<OutputLine> lastLines) {
    if (exitCode == KILLED) {
      return kills() > before;
    }
    return exitCode != 0
        && lastLines.stream().anyMatch(line -> LAST_WORDS.stream().anyMatch(line.text()::contains));
  }

  private static long kills() {
    long kills = 0;
    for (Map.Entry<Path, String> count : COUNTS.entrySet()) {
      try {
        for (String line : Files.readAllLines(count.getKey())) {
          if (line.startsWith(count.getValue())) {
            kills += Long.parseLong(line.substring(count.getValue().length()).trim());
          }
        }
      } catch (IOException | NumberFormatException e) {
        // The other version of control groups, or none.
      }
    }
    return kills;
  }
}
