/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Tests of the design itself; the classes below {@code planted} break it on purpose. */
package io.manyhands.architecture;
