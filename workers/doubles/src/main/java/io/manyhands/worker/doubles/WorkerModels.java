/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The modes. */
final class WorkerModels {
  private static final Map<String, Supplier<WorkerModel>> MODES =
      new TreeMap<>(
          Map.of(
              "node-v4", () -> new NodeWorker(true),
              "node-v3", () -> new NodeWorker(false),
              "java", JavaWorker::new,
              "python-v2", () -> new PythonWorker(true),
              "python-v1", () -> new PythonWorker(false),
              "go", GoWorker::new));

  private WorkerModels() {}

  static Optional<WorkerModel> find(String mode) {
    return Optional.ofNullable(MODES.get(mode)).map(Supplier::get);
  }

  static String names() {
    return String.join(", ", MODES.keySet());
  }
}
