/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import io.manyhands.spi.policy.LoadBalancer;
import io.manyhands.spi.time.Randomness;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The less loaded of two workers chosen at random; where neither has a free slot, the first that
 * has one.
 */
public final class PowerOfTwoLoadBalancer implements LoadBalancer {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  @Override
  public Picker picker(Randomness randomness) {
    AtomicLong sequence = new AtomicLong(randomness.nextLong());
    return loads -> pick(loads, sequence);
  }

  private static int pick(Loads loads, AtomicLong sequence) {
    int size = loads.size();
    if (size == 0) {
      return -1;
    }
    if (size == 1) {
      return loads.free(0) > 0 ? 0 : -1;
    }
    long mixed = sequence.addAndGet(GOLDEN_GAMMA);
    mixed = (mixed ^ mixed >>> 32) * 0xBF58476D1CE4E5B9L;
    int first = (int) Long.remainderUnsigned(mixed >>> 32, size);
    int second = (int) Long.remainderUnsigned(mixed & 0xffffffffL, size - 1);
    if (second >= first) {
      second++;
    }
    boolean firstFree = loads.free(first) > 0;
    boolean secondFree = loads.free(second) > 0;
    if (firstFree && secondFree) {
      return loads.inFlight(first) <= loads.inFlight(second) ? first : second;
    }
    if (firstFree || secondFree) {
      return firstFree ? first : second;
    }
    for (int index = 0; index < size; index++) {
      if (loads.free(index) > 0) {
        return index;
      }
    }
    return -1;
  }
}
