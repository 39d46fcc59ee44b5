/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Finds plug-ins and checks them: level of the SPI, names used twice. Imports no other room. */
@NullMarked
package io.manyhands.core.plugin;

import org.jspecify.annotations.NullMarked;
