/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.worker;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The workers of a Runtime. Snapshots; thread-safe. */
public interface WorkerRegistry {
  /** All workers that are not GONE, by id; those only requested included. */
  List<WorkerInfo> workers();

  /** The worker of that id, while it is not GONE. */
  Optional<WorkerInfo> find(WorkerId id);

  /** Adds a listener; closing the handle removes it. */
  AutoCloseable addListener(WorkerListener listener);

  /**
   * No new calls; those in flight finish within the drain grace; then it ends. Completes at GONE;
   * an unknown id completes at once.
   */
  CompletableFuture<Void> drain(WorkerId id);

  /**
   * Switches the tracing of a worker's messages to the logger {@code io.manyhands.trace} on or off:
   * kinds, ids and sizes, never payloads or environment.
   *
   * @return false where there is no such worker
   */
  boolean traceMessages(WorkerId id, boolean on);
}
