/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The demo: one Runtime that serves the apps of several tenants.
 *
 * <p>May import everything.
 */
@org.jspecify.annotations.NullMarked
package io.manyhands.samples.quickstart;
