/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerState;

/** Is told of a session's changes after they are published. */
public interface SessionObserver {
  /** Another state; on the session's strand. */
  void onStateChanged(WorkerSession session, WorkerState before, WorkerState after);

  /**
   * Somebody presents the id of a worker that has ended, for instance one that was given up before
   * it connected; it was refused. On an I/O thread, must not block.
   */
  default void onLate(WorkerId worker, String origin) {}

  /** A slot is free again; on any thread, must not block. */
  void onSlotFree(WorkerSession session);
}
