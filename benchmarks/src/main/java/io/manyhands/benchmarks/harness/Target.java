/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.harness;

/**
 * What must hold of a ratio, or of a value that has no baseline.
 *
 * @param bound 0 where there is none
 * @param atLeast whether the bound is the least
 */
public record Target(double bound, boolean atLeast) {
  public static Target none() {
    return new Target(0, false);
  }

  public static Target atMost(double bound) {
    return new Target(bound, false);
  }

  public static Target atLeast(double bound) {
    return new Target(bound, true);
  }

  public boolean exists() {
    return bound != 0;
  }

  boolean holds(double figure) {
    return !exists() || (atLeast ? figure >= bound : figure <= bound);
  }
}
