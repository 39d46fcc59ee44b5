/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.harness;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** One figure of two sides, measured in turns. Its ratio is that of the medians. */
public final class Pairs {
  private final List<Double> ours = new ArrayList<>();
  private final List<Double> theirs = new ArrayList<>();

  /** The figure of both sides in one pair. */
  public void add(double our, double their) {
    ours.add(our);
    theirs.add(their);
  }

  public Row row(String name, String unit, Target target) {
    return new Row(name, median(ours), unit, OptionalDouble.of(median(theirs)), target, spread());
  }

  /** What ours is more than theirs, with a bound on that. */
  public Row beyond(String name, String unit, Target target) {
    List<Double> more = new ArrayList<>();
    for (int index = 0; index < ours.size(); index++) {
      more.add(ours.get(index) - theirs.get(index));
    }
    return Row.absolute(name, unit, median(more), target, range("%.0f", more));
  }

  /** The least and the greatest ratio of a pair. */
  private String spread() {
    List<Double> ratios = new ArrayList<>();
    for (int index = 0; index < ours.size(); index++) {
      ratios.add(ours.get(index) / theirs.get(index));
    }
    return range("%.2f", ratios);
  }

  /** The least and the greatest of some figures, as text. */
  public static String range(String form, List<Double> figures) {
    return String.format(
        Locale.ROOT, form + "-" + form, Collections.min(figures), Collections.max(figures));
  }

  public static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
