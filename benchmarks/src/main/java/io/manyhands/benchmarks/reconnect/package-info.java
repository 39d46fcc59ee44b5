/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * How fast workers that lost their stream, or their Runtime, can be called again, and how fast an
 * application grows.
 */
@org.jspecify.annotations.NullMarked
package io.manyhands.benchmarks.reconnect;
