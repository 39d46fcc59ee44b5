/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Workers as an embedder sees them: identity, state, snapshots, health. Imports the JDK, JSpecify,
 * {@code api} and {@code api.app}.
 */
@NullMarked
package io.manyhands.api.worker;

import org.jspecify.annotations.NullMarked;
