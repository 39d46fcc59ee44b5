/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.policy;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;

/**
 * Decides how many workers an application should have while it is in use; when it may fall to none
 * is {@link KeepAlivePolicy}'s. One instance a Runtime.
 *
 * <p>Called on the Runtime's scaling strand, never concurrently; must return at once. What it
 * throws is logged, and the application keeps the workers that it has.
 */
@FunctionalInterface
public interface ScalePolicy {
  /**
   * Makes the scaler of one application. It lives as long as the application: through updates, and
   * while the application has no worker.
   */
  Scaler scaler();

  /**
   * Watches one application. What it remembers may depend on nothing but the loads it was shown.
   */
  @FunctionalInterface
  interface Scaler {
    /**
     * Decides anew: about once a second while the application has workers or calls, and as soon as
     * calls have waited for a tenth of a second.
     */
    Decision decide(Load load);
  }

  /**
   * An application's load at one moment.
   *
   * @param nanos when, on the Runtime's ticker; never less than before
   * @param running calls that hold a slot of a worker
   * @param waiting calls that wait for a slot of any worker; neither those whose retry is not due
   *     nor those behind another of their ordering key
   * @param slots calls that one worker runs at once, at least 1
   * @param ready workers that take calls
   * @param desired workers that it should have by the last decision, those on their way included
   * @param maximum workers that it may have, at least 1
   */
  record Load(
      long nanos, int running, int waiting, int slots, int ready, int desired, int maximum) {
    public Load {
      if (running < 0 || waiting < 0 || slots < 1 || ready < 0 || desired < 0 || maximum < 1) {
        throw new ManyhandsException(
            ErrorCode.INVALID_ARGUMENT,
            "load of "
                + running
                + " running and "
                + waiting
                + " waiting calls, "
                + slots
                + " slots, "
                + ready
                + " ready, "
                + desired
                + " desired, "
                + maximum
                + " workers at most (expected: nothing negative, slots and maximum at least 1)");
      }
    }
  }

  /**
   * How many workers there should be.
   *
   * @param workers from 1 to the load's maximum; the Runtime holds it within all limits anyhow
   * @param panic true while it reacts to a burst: workers are only added
   * @param reason for people: figures, and which rule
   */
  record Decision(int workers, boolean panic, String reason) {}
}
