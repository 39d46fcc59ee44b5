/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

/** A worker as those see it who send it calls. Thread-safe; takes no lock. */
public interface CallTarget {
  /** Tries to send the call; reserve, register, look again, send. */
  Dispatch dispatch(Call call);

  /** Calls that it would take now; a hint. */
  int freeSlots();

  /** Calls that hold a slot. */
  int inFlightCalls();
}
