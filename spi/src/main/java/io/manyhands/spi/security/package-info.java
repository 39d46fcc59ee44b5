/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Where keys come from. May import api and the rest of spi. */
@NullMarked
package io.manyhands.spi.security;

import org.jspecify.annotations.NullMarked;
