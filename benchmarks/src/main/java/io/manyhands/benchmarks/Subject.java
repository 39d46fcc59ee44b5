/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks;

/** Something whose calls are measured. */
interface Subject extends AutoCloseable {
  String name();

  /**
   * Makes one call of a kilobyte there and back; runs the task when it is answered, on whatever
   * thread.
   */
  void call(Runnable answered);

  @Override
  void close();
}
