/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Real applications on real worker processes: what they take of a machine, and how they start. */
@org.jspecify.annotations.NullMarked
package io.manyhands.benchmarks.apps;
