/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The live sessions and the streams that become theirs. Imports {@code session}, {@code identity},
 * {@code concurrent}, {@code metrics}.
 */
@NullMarked
package io.manyhands.core.registry;

import org.jspecify.annotations.NullMarked;
