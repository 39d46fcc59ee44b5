/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Calling a function: invocation, payload, result, phases. Imports the JDK, JSpecify, {@code api},
 * {@code api.app} and {@code api.worker}.
 */
@NullMarked
package io.manyhands.api.invocation;

import org.jspecify.annotations.NullMarked;
