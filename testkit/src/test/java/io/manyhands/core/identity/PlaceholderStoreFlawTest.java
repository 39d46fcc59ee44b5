/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.worker.WorkerId;
import io.manyhands.spi.store.PlaceholderStore;
import io.manyhands.testkit.MemoryPlaceholderStore;
import io.manyhands.testkit.contract.PlaceholderStoreContract;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The contract fails a store that says it has forgotten a worker and has not. */
final class PlaceholderStoreFlawTest {
  @Test
  void storeThatForgetsNobodyIsFound() {
    assertThatThrownBy(() -> new OfFlaw().workerThatWasRemovedIsNotFoundAgain())
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> new OfFlaw().workerOfAnEarlierStartCanBeRemoved())
        .isInstanceOf(AssertionError.class);
  }

  private static final class OfFlaw extends PlaceholderStoreContract {
    private final MemoryPlaceholderStore sound = new MemoryPlaceholderStore();

    @Override
    protected PlaceholderStore nextStart() {
      return new PlaceholderStore() {
        @Override
        public boolean remembers(WorkerId worker) {
          return sound.remembers(worker);
        }

        @Override
        public void add(WorkerId worker) {
          sound.add(worker);
        }

        @Override
        public CompletionStage<Void> remove(WorkerId worker) {
          return CompletableFuture.completedFuture(null);
        }
      };
    }
  }
}
