/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.architecture.planted.api;

import io.manyhands.architecture.planted.core.routing.Higher;

/** Breaks an arrow between modules. */
public final class Upward {
  public final Higher higher = new Higher();
}
