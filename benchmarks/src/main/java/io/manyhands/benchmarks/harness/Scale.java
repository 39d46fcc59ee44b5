/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.harness;

import java.time.Duration;
import java.util.Locale;

/** How much is done. */
public enum Scale {
  /** What targets are judged by. */
  WHOLE,
  /** Fewer calls, shorter rounds, smaller numbers; the same pairs and warm-ups. */
  QUICK,
  /** Shows that a part runs; its figures mean nothing. */
  SMOKE;

  /** Pairs where nothing else is said. */
  public static final int PAIRS = 5;

  private static final Duration SMOKE_ROUND = Duration.ofMillis(20);
  private static final int SMOKE_SHARE = 50;

  public Duration round(Duration whole) {
    return this == WHOLE ? whole : this == QUICK ? whole.dividedBy(4) : SMOKE_ROUND;
  }

  public Duration warmUp(Duration whole) {
    return this == SMOKE ? SMOKE_ROUND : whole;
  }

  public int pairs(int whole) {
    return this == SMOKE ? 1 : whole;
  }

  public int number(int whole, int whenQuick) {
    return this == WHOLE ? whole : this == QUICK ? whenQuick : Math.max(2, whenQuick / SMOKE_SHARE);
  }

  /** For names of rows that were cut. */
  public String suffix() {
    return this == WHOLE ? "" : " (" + name().toLowerCase(Locale.ROOT) + ")";
  }
}
