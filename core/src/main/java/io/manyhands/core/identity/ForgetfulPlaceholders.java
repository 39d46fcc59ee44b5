/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import io.manyhands.api.worker.WorkerId;
import io.manyhands.spi.store.PlaceholderStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where nothing outlives the Runtime: no placeholder is taken back. Stateless. */
public final class ForgetfulPlaceholders implements PlaceholderStore {
  private static final CompletionStage<Void> DONE =
      CompletableFuture.<Void>completedFuture(null).minimalCompletionStage();

  @Override
  public boolean remembers(WorkerId worker) {
    return false;
  }

  @Override
  public void add(WorkerId worker) {}

  @Override
  public CompletionStage<Void> remove(WorkerId worker) {
    return DONE;
  }
}
