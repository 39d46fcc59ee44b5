/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.worker;

/**
 * Is told of workers' changes, in order, on the callback executor, after they are visible in {@link
 * WorkerRegistry}. What it throws is logged.
 */
@FunctionalInterface
public interface WorkerListener {
  /** A worker reached another state. */
  void onStateChanged(WorkerInfo worker, WorkerState before);
}
