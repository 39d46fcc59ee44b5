/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Code packages: a zip named by address and SHA-256 is fetched, verified, kept by its hash and
 * unpacked into a private directory. May import the JDK and Commons Compress alone.
 */
@NullMarked
package io.manyhands.support.packages;

import org.jspecify.annotations.NullMarked;
