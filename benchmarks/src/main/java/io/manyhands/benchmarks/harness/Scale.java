/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.harness;

import java.time.Duration;

/**
 * How much is measured. Quick cuts calls and numbers of things, never pairs or warm-up.
 *
 * @param quick whether it was cut
 */
public record Scale(boolean quick) {
  /** Pairs where nothing else is said. */
  public static final int PAIRS = 5;

  public Duration round(Duration whole) {
    return quick ? whole.dividedBy(4) : whole;
  }

  public int number(int whole, int whenQuick) {
    return quick ? whenQuick : whole;
  }

  /** For names of rows that were cut. */
  public String suffix() {
    return quick ? " (quick)" : "";
  }
}
