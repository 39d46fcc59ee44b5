/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.util.List;

/**
 * How a process tree ended.
 *
 * @param exitCode of the first process; 128 and the signal's number where a signal ended it
 * @param lastLines the newest lines it wrote, oldest first
 * @param survivors processes of its tree that could not be ended; normally empty
 */
public record WorkerExit(int exitCode, List<OutputLine> lastLines, List<Long> survivors) {
  /** The exit code of a process whose end could not be awaited, or that was adopted. */
  public static final int UNKNOWN = -1;

  public WorkerExit {
    lastLines = List.copyOf(lastLines);
    survivors = List.copyOf(survivors);
  }

  /** For people: {@code exit code 1} or {@code killed by signal 9}. */
  public String describe() {
    if (exitCode == UNKNOWN) {
      return "exit code unknown";
    }
    return exitCode > 128 && exitCode < 160
        ? "exit code " + exitCode + " (signal " + (exitCode - 128) + ")"
        : "exit code " + exitCode;
  }
}
