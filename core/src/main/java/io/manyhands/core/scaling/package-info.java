/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * How many workers an application has and how long, how many placeholders a pool has, and how much
 * more the Runtime takes. Imports {@code placement}, {@code routing}, {@code concurrent}, {@code
 * metrics}.
 */
@NullMarked
package io.manyhands.core.scaling;

import org.jspecify.annotations.NullMarked;
