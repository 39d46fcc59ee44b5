/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Pure decisions: which worker an application gets, which worker a call gets. Imports the JDK,
 * JSpecify and {@code api}.
 */
@NullMarked
package io.manyhands.spi.policy;

import org.jspecify.annotations.NullMarked;
