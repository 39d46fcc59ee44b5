/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Reads what an application's directory holds: host.json, function.json, the tree's hash. Strict
 * and bounded; the files are a stranger's. Imports the JDK, JSpecify and Jackson, which stays
 * inside.
 */
@NullMarked
package io.manyhands.support.appfiles;

import org.jspecify.annotations.NullMarked;
