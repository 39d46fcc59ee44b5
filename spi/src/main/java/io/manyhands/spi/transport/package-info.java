/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * How workers reach the Runtime: listeners, connections and the messages that they carry. Imports
 * the JDK, JSpecify, {@code api} and {@code spi}.
 */
@NullMarked
package io.manyhands.spi.transport;

import org.jspecify.annotations.NullMarked;
