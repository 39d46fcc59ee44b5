/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** How workers are asked for and ended. Imports the JDK, JSpecify, {@code api} and {@code spi}. */
@NullMarked
package io.manyhands.spi.provision;

import org.jspecify.annotations.NullMarked;
