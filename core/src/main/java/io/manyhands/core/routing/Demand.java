/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

/** What a route asks for when calls wait; on any thread, must not block. */
@FunctionalInterface
interface Demand {
  /** The revision has no worker. */
  void onNoWorker(RevisionRoute revision);

  /** No worker has a free slot; not told again before {@link AppRoute#relax}. */
  default void onNoSlot(AppRoute route) {}
}
