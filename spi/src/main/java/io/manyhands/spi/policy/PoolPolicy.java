/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.policy;

import io.manyhands.api.worker.WorkerStack;
import java.util.Objects;

/**
 * Decides how many placeholders of a stack are kept ready. One instance a Runtime.
 *
 * <p>Called on the Runtime's scaling strand, never concurrently; must return at once. What it
 * throws is logged, and the pool keeps its size.
 */
@FunctionalInterface
public interface PoolPolicy {
  /** Makes the memory of one stack's pool. */
  Sizer sizer();

  /** Watches one stack. What it remembers may depend on nothing but the demands it was shown. */
  @FunctionalInterface
  interface Sizer {
    /** Decides anew, about once in ten seconds. */
    Size decide(Demand demand);
  }

  /**
   * What was asked of a pool since the last decision.
   *
   * @param stack whose pool
   * @param nanos when, on the Runtime's ticker; never less than before
   * @param configured what the options ask for
   * @param claims placeholders that applications were given
   * @param misses claims that found none and had to wait
   */
  record Demand(WorkerStack stack, long nanos, int configured, long claims, long misses) {
    public Demand {
      Objects.requireNonNull(stack, "stack");
    }
  }

  /**
   * How many placeholders there should be.
   *
   * @param placeholders at least those configured
   * @param reason for people
   */
  record Size(int placeholders, String reason) {}
}
