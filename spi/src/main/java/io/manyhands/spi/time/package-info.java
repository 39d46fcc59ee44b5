/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The seams for time, scheduling and randomness; every wait and every random choice of a Runtime
 * goes through them. Imports the JDK and JSpecify.
 */
@NullMarked
package io.manyhands.spi.time;

import org.jspecify.annotations.NullMarked;
