/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.routing;

/** Something whose calls are measured. */
interface Subject extends AutoCloseable {
  String name();

  /** Calls with a body of that size there and back, taking its workers in turn. */
  Caller caller(int bodyBytes);

  @Override
  void close();

  /** Makes one call; runs the task when it is answered, on whatever thread. One thread calls. */
  @FunctionalInterface
  interface Caller {
    void call(Runnable answered);
  }
}
