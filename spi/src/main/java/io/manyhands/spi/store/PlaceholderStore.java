/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.store;

import io.manyhands.api.worker.WorkerId;
import java.util.concurrent.CompletionStage;

/**
 * Remembers over a restart which workers are still nobody's. A token cannot show it: whoever was
 * given an application's settings may have kept the token of the placeholder that it was. So an
 * earlier start's placeholder is taken back only where this store still has it, and no settings are
 * sent before it has forgotten the worker.
 *
 * <p>It may lose what was added (that worker is then replaced), and must never find again what was
 * removed. Thread-safe; no method blocks.
 */
public interface PlaceholderStore {
  /** True where an earlier start of the Runtime added it and it was not removed since. */
  boolean remembers(WorkerId worker);

  /** It is a placeholder from now on. */
  void add(WorkerId worker);

  /**
   * It is none any more. Completes when no later start of the Runtime will find it; fails with
   * RESOURCE_UNAVAILABLE where that cannot be had, and then the worker is given to nobody. Of two
   * calls for one worker the later counts.
   */
  CompletionStage<Void> remove(WorkerId worker);
}
