/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.time;

import java.time.InstantSource;
import java.util.Objects;

/**
 * All seams of time together.
 *
 * @param clock wall-clock time
 * @param ticker for durations
 * @param scheduler for what happens later
 * @param randomness for choices and ids
 */
public record TimeSeams(
    InstantSource clock, Ticker ticker, Scheduler scheduler, Randomness randomness) {
  public TimeSeams {
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(ticker, "ticker");
    Objects.requireNonNull(scheduler, "scheduler");
    Objects.requireNonNull(randomness, "randomness");
  }
}
