/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.architecture.planted.core.session;

import io.manyhands.architecture.planted.core.routing.Higher;

/** Breaks an arrow between rooms, and reads a clock. */
public final class Lower {
  public final Higher higher = new Higher();
  public final long clock = System.nanoTime();
}
