/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What a plug-in author implements, and the context that a plug-in gets. Imports the JDK, JSpecify
 * and {@code api}.
 */
@NullMarked
package io.manyhands.spi;

import org.jspecify.annotations.NullMarked;
