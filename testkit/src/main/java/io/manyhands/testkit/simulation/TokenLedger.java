/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.util.HashMap;
import java.util.Map;

/** Which resume tokens were given out, and which of them a start of the Runtime has replaced. */
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

  /** What the worker is known to have, a new start of the Runtime does not know. */
  void onStarting() {
    confirmed.clear();
  }

  /** True where the worker is known to have one of a later epoch. */
  boolean isReplaced(String worker, String token) {
    Long epoch = epochs.get(token);
    return epoch != null && epoch < confirmed.getOrDefault(worker, 0L);
  }
}
