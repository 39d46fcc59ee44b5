/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.harness;

import java.util.function.Consumer;

/** One part of the benchmarks. */
public interface Part {
  /** By which it is asked for. */
  String name();

  /** False where it takes crowds of workers, or such as stand in other modules. */
  default boolean isForEveryBuild() {
    return true;
  }

  /** Measures, and hands over each table as soon as it is complete. */
  void run(Scale scale, Consumer<Table> tables) throws Exception;
}
