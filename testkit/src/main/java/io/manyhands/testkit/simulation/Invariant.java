/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

/** What must hold whatever goes wrong; docs/simulation.md says each more precisely. */
public enum Invariant {
  /** A call completes exactly once. */
  ONE_COMPLETION,
  /** A call completes by its deadline; the timer's lateness is the grace. */
  DEADLINE_KEPT,
  /** A call whose answer arrived, or whose worker is gone, completes before time moves on. */
  PROMPT_COMPLETION,
  /** What a call completes with is true. */
  HONEST_RESULT,
  /** A call runs on a worker of the application and of a revision that it was admitted to. */
  RIGHT_WORKER,
  /** A call is sent at most once. */
  SENT_ONCE,
  /** A worker is specialized at most once in its life. */
  SPECIALIZED_ONCE,
  /** A start of the Runtime neither sends a call of an earlier one nor asks for its answer. */
  EARLIER_CALLS_OVER,
  /** Nobody is specialized in the place of a worker that comes back to a new start. */
  TAKEN_OVER,
  /** No stream is welcomed on a token that a later, confirmed one has replaced. */
  STALE_TOKEN_REFUSED,
  /** No wire carries anything of another tenant than the worker's. */
  TENANTS_APART,
  /** A worker's slots are taken by the calls that it was sent and has not answered. */
  SLOTS_COUNTED,
  /** No call waits while a worker of its application has a free slot. */
  NO_LOST_WAKE_UP,
  /** No more workers than were allowed. */
  WORKERS_BOUNDED,
  /** A worker's state changes by a row of the table alone, and GONE is final. */
  STATE_TABLE,
  /** Starts, updates, stops, drains and the close complete within their bounds. */
  OPERATIONS_COMPLETE,
  /** Once faults cease, everything serves again within the bound. */
  HEALS,
  /** Nothing is left running after the close. */
  NOTHING_LEFT,
  /** The Runtime meets no defect of its own: no exception, no log entry of level ERROR. */
  NO_INTERNAL_ERROR,
  /** The Runtime does not spin. */
  NO_LIVELOCK
}
