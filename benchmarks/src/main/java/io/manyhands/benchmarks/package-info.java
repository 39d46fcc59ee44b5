/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Measurements, compiled in every build and run on demand.
 *
 * <p>May import everything.
 */
@org.jspecify.annotations.NullMarked
package io.manyhands.benchmarks;
