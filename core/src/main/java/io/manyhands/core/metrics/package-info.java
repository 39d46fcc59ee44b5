/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Counters, gauges and timings of every room, behind the snapshot in {@code api}. Imports {@code
 * api}.
 */
@NullMarked
package io.manyhands.core.metrics;

import org.jspecify.annotations.NullMarked;
