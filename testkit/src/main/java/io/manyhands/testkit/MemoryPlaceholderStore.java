/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.spi.store.PlaceholderStore;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Outlives the Runtimes that are given it, and nothing else. Thread-safe. */
public final class MemoryPlaceholderStore implements PlaceholderStore {
  private final Set<WorkerId> placeholders = ConcurrentHashMap.newKeySet();
  private volatile boolean broken;

  /** From now on it cannot forget. */
  public void breakDown() {
    broken = true;
  }

  @Override
  public boolean remembers(WorkerId worker) {
    return placeholders.contains(worker);
  }

  @Override
  public void add(WorkerId worker) {
    placeholders.add(worker);
  }

  @Override
  public CompletionStage<Void> remove(WorkerId worker) {
    if (broken) {
      return CompletableFuture.failedFuture(
          new ManyhandsException(
              ErrorCode.RESOURCE_UNAVAILABLE, "placeholder store: broken by the test"));
    }
    placeholders.remove(worker);
    return CompletableFuture.completedFuture(null);
  }
}
