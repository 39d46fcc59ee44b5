/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What makes functions run: listeners that hand invocations to a sink. Imports the JDK, JSpecify,
 * {@code api} and {@code spi}.
 */
@NullMarked
package io.manyhands.spi.trigger;

import org.jspecify.annotations.NullMarked;
