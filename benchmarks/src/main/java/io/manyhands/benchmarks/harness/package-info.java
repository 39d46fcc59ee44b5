/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What every part measures with: interleaved pairs, rows with targets, light workers in processes
 * of their own, a Runtime that serves them.
 *
 * <p>May import everything.
 */
@org.jspecify.annotations.NullMarked
package io.manyhands.benchmarks.harness;
