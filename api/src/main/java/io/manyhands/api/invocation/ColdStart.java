/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.invocation;

/** Why a call had to wait for a worker, if it had to. */
public enum ColdStart {
  /** A ready worker had a free slot. */
  NONE,
  /** Ready workers were all busy; it waited for a slot. */
  ALL_BUSY,
  /** The application had no worker; a placeholder was specialized for it. */
  PLACEHOLDER,
  /** The application had no worker and no placeholder was at hand; one was started. */
  NEW_WORKER
}
