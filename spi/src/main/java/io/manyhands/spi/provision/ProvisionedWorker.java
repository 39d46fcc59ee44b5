/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.provision;

import java.util.Map;
import java.util.OptionalLong;

/**
 * A worker that the platform accepted.
 *
 * @param processId on this machine, where there is one
 * @param workerDirectory where the worker program lies, as the worker sees it; may be empty
 * @param labels such as host or zone
 * @param baseEnvironment variables that a reload must keep: PATH, LANG, the worker's private HOME
 *     and TMPDIR; values never appear in toString
 */
public record ProvisionedWorker(
    OptionalLong processId,
    String workerDirectory,
    Map<String, String> labels,
    Map<String, String> baseEnvironment) {
  public ProvisionedWorker {
    labels = Map.copyOf(labels);
    baseEnvironment = Map.copyOf(baseEnvironment);
  }

  /** Nothing known. */
  public static ProvisionedWorker unknown() {
    return new ProvisionedWorker(OptionalLong.empty(), "", Map.of(), Map.of());
  }

  @Override
  public String toString() {
    return "ProvisionedWorker[process " + processId + ", " + workerDirectory + ", " + labels + "]";
  }
}
