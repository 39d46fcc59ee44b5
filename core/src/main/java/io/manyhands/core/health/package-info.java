/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Judges health from what the rooms publish. Imports {@code api} alone. */
@NullMarked
package io.manyhands.core.health;

import org.jspecify.annotations.NullMarked;
