/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * {@code manyhands serve}: a Runtime whose options and applications stand in files, with health and
 * metrics over HTTP. May import everything that an embedder may.
 */
@NullMarked
package io.manyhands.cli.serve;

import org.jspecify.annotations.NullMarked;
