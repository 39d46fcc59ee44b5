/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.util.HashMap;
import java.util.Map;

/** Which resume tokens a start of the Runtime gave out, and which of them later ones replaced. */
final class TokenLedger {
  private final Map<String, Long> epochs = new HashMap<>();
  private final Map<String, Long> confirmed = new HashMap<>();

  void issued(String token, long epoch) {
    epochs.put(token, epoch);
  }

  /** The worker says that it has the token of that epoch. */
  void confirmed(String worker, long epoch) {
    confirmed.merge(worker, epoch, Math::max);
  }

  /** True where the worker is known to have one of a later epoch. */
  boolean isReplaced(String worker, String token) {
    Long epoch = epochs.get(token);
    return epoch != null && epoch < confirmed.getOrDefault(worker, 0L);
  }
}
