/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What provisioners of remote platforms have in common: the life of a worker from request to end,
 * permits, repeats, recovery and reconciliation. A platform implements {@link
 * io.manyhands.support.platform.Platform}. Imports the JDK, JSpecify, slf4j, {@code api} and {@code
 * spi}.
 */
@NullMarked
package io.manyhands.support.platform;

import org.jspecify.annotations.NullMarked;
