/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.time;

/**
 * Monotonic time in nanoseconds from an arbitrary origin; compare by difference only. Thread-safe.
 */
@FunctionalInterface
public interface Ticker {
  long nanos();
}
