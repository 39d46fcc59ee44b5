/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import io.manyhands.spi.store.PlaceholderStore;
import io.manyhands.testkit.MemoryPlaceholderStore;
import io.manyhands.testkit.contract.PlaceholderStoreContract;

final class MemoryPlaceholderStoreTest extends PlaceholderStoreContract {
  private final MemoryPlaceholderStore store = new MemoryPlaceholderStore();

  @Override
  protected PlaceholderStore nextStart() {
    return store;
  }
}
