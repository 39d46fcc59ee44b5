/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Applications: identity, definition, revision, functions and the JobHosts that run them. Imports
 * the JDK, JSpecify and {@code api}.
 */
@NullMarked
package io.manyhands.api.app;

import org.jspecify.annotations.NullMarked;
