/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks;

import java.util.Locale;

/**
 * One figure beside its baseline.
 *
 * @param target of the ratio; 0 where there is none
 * @param holds true where there is no target
 */
record Row(
    String name,
    double value,
    String unit,
    double baseline,
    double ratio,
    double target,
    boolean holds) {
  static Row atMost(String name, String unit, double value, double baseline, double target) {
    double ratio = value / baseline;
    return new Row(name, value, unit, baseline, ratio, target, target == 0 || ratio <= target);
  }

  static Row atLeast(String name, String unit, double value, double baseline, double target) {
    double ratio = value / baseline;
    return new Row(name, value, unit, baseline, ratio, target, target == 0 || ratio >= target);
  }

  String json() {
    return String.format(
        Locale.ROOT,
        "{\"name\":\"%s\",\"value\":%.3f,\"unit\":\"%s\",\"baseline\":%.3f,\"ratio\":%.3f,\"target\":%s,\"holds\":%b}",
        name,
        value,
        unit,
        baseline,
        ratio,
        target == 0 ? "null" : Double.toString(target),
        holds);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%-60s %12.1f %-4s %12.1f %7.2f %7s  %s",
        name,
        value,
        unit,
        baseline,
        ratio,
        target == 0 ? "-" : Double.toString(target),
        holds ? "holds" : "MISSED");
  }
}
