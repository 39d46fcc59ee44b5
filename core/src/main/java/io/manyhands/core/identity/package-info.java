/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Ids of workers, invocations and traces, all from the Runtime's own randomness. Imports {@code
 * api} and {@code spi.time}.
 */
@NullMarked
package io.manyhands.core.identity;

import org.jspecify.annotations.NullMarked;
