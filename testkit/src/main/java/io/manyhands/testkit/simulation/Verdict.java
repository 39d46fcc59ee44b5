/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The first invariant that was found broken, if any. On the simulation's thread. */
final class Verdict {
  private @Nullable Violation violation;

  /** The invariant does not hold; what comes after the first is a consequence. */
  void broken(Invariant invariant, String what) {
    if (violation == null) {
      violation = new Violation(invariant, what);
    }
  }

  void expect(boolean holds, Invariant invariant, String what) {
    if (!holds) {
      broken(invariant, what);
    }
  }

  boolean isBroken() {
    return violation != null;
  }

  Optional<Violation> violation() {
    return Optional.ofNullable(violation);
  }
}
