/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** How races inside one step are looked for, and mistakes that must be seen. */
@NullMarked
package io.manyhands.core.races;

import org.jspecify.annotations.NullMarked;
