/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.time;

/**
 * Random bits. A Runtime's own source is unpredictable; a test's comes from a seed. Thread-safe.
 */
public interface Randomness {
  long nextLong();

  /** Uniform in 0 (inclusive) to bound (exclusive); bound is positive. */
  int nextInt(int bound);
}
