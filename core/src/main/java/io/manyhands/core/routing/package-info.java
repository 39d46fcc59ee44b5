/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The way of a call: admission, the application's queue, the pick of a worker, the deadline.
 * Imports {@code placement}, {@code registry}, {@code session}, {@code identity}, {@code limits},
 * {@code metrics}.
 */
@NullMarked
package io.manyhands.core.routing;

import org.jspecify.annotations.NullMarked;
