/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The memory of a process. Linux only.
 *
 * @param residentBytes RSS: pages in memory, shared ones in full
 * @param proportionalBytes PSS: shared pages divided by those who share them; empty where the
 *     system does not tell
 */
public record ProcessMemory(long residentBytes, OptionalLong proportionalBytes) {

  /** Empty where the process is gone or the system has no {@code /proc}. */
  public static Optional<ProcessMemory> of(long pid) {
    OptionalLong resident = ProcFiles.kilobytes(pid, "status", "VmRSS:");
    if (resident.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ProcessMemory(resident.getAsLong(), ProcFiles.kilobytes(pid, "smaps_rollup", "Pss:")));
  }
}
