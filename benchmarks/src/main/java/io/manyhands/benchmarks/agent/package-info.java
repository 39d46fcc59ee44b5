/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What an agent between worker and Runtime costs: time on each call, memory. */
@NullMarked
package io.manyhands.benchmarks.agent;

import org.jspecify.annotations.NullMarked;
