/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The command line: {@code manyhands run DIR} starts a Runtime and one existing function
 * application with the workers found on this machine. May import everything that an embedder may.
 */
@NullMarked
package io.manyhands.cli;

import org.jspecify.annotations.NullMarked;
