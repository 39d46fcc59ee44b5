/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Decides when a fault strikes: a seed has some kinds and not others, so that each is also met
 * alone; nothing strikes once the faults have ceased.
 */
final class Faults {
  private final Dice dice;
  private final Set<FaultKind> kinds;
  private final double intensity;
  private final EventTrace trace;
  private final Tally tally;
  private final EnumSet<FaultKind> struck = EnumSet.noneOf(FaultKind.class);
  private boolean active = true;
  private long strikes;

  /**
   * @param intensity multiplies every likelihood
   */
  Faults(Dice dice, Set<FaultKind> kinds, double intensity, EventTrace trace, Tally tally) {
    this.dice = dice;
    this.kinds = kinds;
    this.intensity = intensity;
    this.trace = trace;
    this.tally = tally;
  }

  /** Here it could strike; true where it does. */
  boolean strikes(FaultKind kind, String whom) {
    if (!active || !kinds.contains(kind) || !dice.chance(kind.likelihood() * intensity)) {
      return false;
    }
    note(kind, whom);
    return true;
  }

  /** It has struck. */
  void note(FaultKind kind, String whom) {
    strikes++;
    struck.add(kind);
    tally.add("fault " + kind);
    trace.add("fault " + kind + " " + whom);
  }

  /** Those of this seed that strike by themselves. */
  List<FaultKind> spontaneous() {
    return kinds.stream().filter(FaultKind::isSpontaneous).toList();
  }

  double intensity() {
    return intensity;
  }

  void cease() {
    active = false;
  }

  boolean isActive() {
    return active;
  }

  boolean hasStruck(FaultKind kind) {
    return struck.contains(kind);
  }

  /** How often any has struck. */
  long count() {
    return strikes;
  }
}
