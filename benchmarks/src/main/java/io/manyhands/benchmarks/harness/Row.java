/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.harness;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * One figure, beside its baseline where it has one.
 *
 * @param baseline the same of the other side
 * @param target of the ratio where there is a baseline, else of the value
 * @param spread of the figure that the target is about, for people
 */
public record Row(
    String name, double value, String unit, OptionalDouble baseline, Target target, String spread) {
  /** A figure without a baseline. */
  public static Row absolute(String name, String unit, double value, Target target, String spread) {
    return new Row(name, value, unit, OptionalDouble.empty(), target, spread);
  }

  public OptionalDouble ratio() {
    return baseline.isPresent()
        ? OptionalDouble.of(value / baseline.getAsDouble())
        : OptionalDouble.empty();
  }

  /** True where there is no target. */
  public boolean holds() {
    return target.holds(ratio().orElse(value));
  }

  /** With the title of its table in its name. */
  Row within(String title) {
    return new Row(title + ": " + name, value, unit, baseline, target, spread);
  }

  public String json() {
    return String.format(
        Locale.ROOT,
        "{\"name\":\"%s\",\"value\":%s,\"unit\":\"%s\",\"baseline\":%s,\"ratio\":%s,\"target\":%s,\"holds\":%b}",
        name.replace("\\", "\\\\").replace("\"", "\\\""),
        number(OptionalDouble.of(value)),
        unit,
        number(baseline),
        number(ratio()),
        target.exists() ? Double.toString(target.bound()) : "null",
        holds());
  }

  private static String number(OptionalDouble value) {
    return value.isPresent() && Double.isFinite(value.getAsDouble())
        ? String.format(Locale.ROOT, "%.4f", value.getAsDouble())
        : "null";
  }

  String[] cells() {
    return new String[] {
      name,
      figure(value),
      unit,
      baseline.isPresent() ? figure(baseline.getAsDouble()) : "",
      ratio().isPresent() ? String.format(Locale.ROOT, "%.2f", ratio().getAsDouble()) : "",
      spread,
      target.exists() ? (target.atLeast() ? ">= " : "<= ") + figure(target.bound()) : "",
      target.exists() ? (holds() ? "holds" : "MISSED") : ""
    };
  }

  private static String figure(double value) {
    double size = Math.abs(value);
    String form = size >= 1000 ? "%,.0f" : size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, form, value);
  }
}
