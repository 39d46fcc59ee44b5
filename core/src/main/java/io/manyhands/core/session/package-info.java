/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * One worker's conversation: its state machine, its calls in flight, its specialization. Imports
 * {@code identity}, {@code concurrent}, {@code limits}, {@code logs}, {@code metrics}.
 */
@NullMarked
package io.manyhands.core.session;

import org.jspecify.annotations.NullMarked;
