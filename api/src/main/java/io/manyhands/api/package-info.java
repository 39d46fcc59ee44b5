/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What an embedder calls: the Runtime, its options and its errors. Imports the JDK and JSpecify
 * only.
 */
@NullMarked
package io.manyhands.api;

import org.jspecify.annotations.NullMarked;
