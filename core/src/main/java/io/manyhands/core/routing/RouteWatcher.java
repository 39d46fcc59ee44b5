/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

/** Is told of routes; on any thread, must not block. */
public interface RouteWatcher {
  void onAdded(AppRoute route);

  void onRemoved(AppRoute route);

  /** Calls wait because no worker has a free slot; not told again before {@link AppRoute#relax}. */
  void onNoSlot(AppRoute route);
}
