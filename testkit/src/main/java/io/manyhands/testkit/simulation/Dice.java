/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** What the simulated world draws from its seed. On the simulation's thread. */
final class Dice {
  private final SplittableRandom random;

  Dice(long seed) {
    this(new SplittableRandom(seed));
  }

  private Dice(SplittableRandom random) {
    this.random = random;
  }

  /** Others for a part of the world, so that parts do not shift each other's draws. */
  Dice split() {
    return new Dice(random.split());
  }

  long nextLong() {
    return random.nextLong();
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** From 0 to below the bound. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Both ends included. */
  int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  /** Both ends included, every order of magnitude as likely. */
  int logBetween(int least, int most) {
    double drawn = least * Math.pow((most + 1.0) / least, random.nextDouble());
    return Math.min(most, (int) drawn);
  }

  /** Evenly. */
  Duration between(Duration least, Duration most) {
    long span = most.toNanos() - least.toNanos();
    return least.plusNanos(span <= 0 ? 0 : random.nextLong(span + 1));
  }

  /** Every order of magnitude as likely; the least is positive. */
  Duration logBetween(Duration least, Duration most) {
    double ratio = (double) most.toNanos() / least.toNanos();
    return Duration.ofNanos((long) (least.toNanos() * Math.pow(ratio, random.nextDouble())));
  }

  /** The time to the next of events that come at random, that long apart on average. */
  Duration exponential(Duration mean) {
    double drawn = -Math.log(1 - random.nextDouble()) * mean.toNanos();
    return Duration.ofNanos((long) Math.min(drawn, 20.0 * mean.toNanos()));
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
