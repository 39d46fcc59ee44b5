/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Reads {@code host.json} and {@code function.json}.
 *
 * <p>May import the JDK, Jackson and {@code io.manyhands.api}.
 */
@org.jspecify.annotations.NullMarked
package io.manyhands.support.appfiles;
