/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

/** What a trigger does beyond the rest; without it, it must do what stands after "Otherwise". */
public enum TriggerBehaviour {
  /**
   * Opens an address. A taken one fails its start, and its stop frees it. Otherwise its start names
   * no endpoint.
   */
  OPENS_AN_ADDRESS,
  /**
   * Two sound functions of an application may exclude one another, such as by a route. Otherwise
   * every set of sound functions is taken.
   */
  REFUSES_CONFLICTS,
  /**
   * Its source delivers again what failed, and each delivery says so. Otherwise each delivery is
   * the only one.
   */
  SOURCE_RETRIES
}
