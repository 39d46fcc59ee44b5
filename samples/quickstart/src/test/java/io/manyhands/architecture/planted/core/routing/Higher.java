/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.architecture.planted.core.routing;

/** A room above session. */
public final class Higher {}
