/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What the Runtime itself costs: an application, a worker, a specialization. */
@org.jspecify.annotations.NullMarked
package io.manyhands.benchmarks.cost;
