/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What must outlive a Runtime. Imports the JDK, JSpecify, {@code api} and {@code spi}. */
@NullMarked
package io.manyhands.spi.store;

import org.jspecify.annotations.NullMarked;
