/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Pure decisions: which worker an application gets, which worker a call gets, how many workers
 * there are and how long. Imports the JDK, JSpecify, {@code api} and, in factories, {@code spi}.
 */
@NullMarked
package io.manyhands.spi.policy;

import org.jspecify.annotations.NullMarked;
