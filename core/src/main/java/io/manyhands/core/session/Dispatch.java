/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

/** What became of a call that was handed to a session. */
public enum Dispatch {
  /** It was sent; its completion will come. */
  SENT,
  /** Never sent: pick again. */
  NO_SLOT,
  /** It has been completed: it can go nowhere. */
  DONE
}
