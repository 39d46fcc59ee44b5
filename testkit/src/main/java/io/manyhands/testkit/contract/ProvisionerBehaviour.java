/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

/**
 * What a provisioner may or may not support. What it does not support, it must refuse or leave out
 * as said here; {@link WorkerProvisionerContract} proves either.
 */
public enum ProvisionerBehaviour {
  /**
   * Starts workers on request. Otherwise each request of a known stack fails with
   * PROVISIONING_FAILED.
   */
  STARTS_ON_REQUEST,
  /**
   * Announces workers that nobody here asked for. Otherwise never calls {@code onExpected} without
   * something to adopt.
   */
  ANNOUNCES_WORKERS,
  /**
   * Reports a worker that ended by itself or was killed. Otherwise reports its end only when it is
   * released.
   */
  NOTICES_DEATH,
  /** Reports exit code and last output of a worker. Otherwise both stay empty. */
  REPORTS_LAST_WORDS,
  /**
   * Ends or adopts at its start what an earlier Runtime of the same identity left. Otherwise there
   * must be nothing that it could leave.
   */
  RECOVERS,
  /**
   * Of what an earlier Runtime left it adopts the workers that can come back: tells {@code
   * onRecovered} of each before its start completes, leaves it running, and has it from then on
   * like one that it started. Otherwise it ends them with the others, if it recovers at all.
   */
  ADOPTS,
  /**
   * Asks a worker to end, and uses force only after the grace. Otherwise it has nothing to ask by.
   */
  ASKS_FIRST,
  /**
   * Stands before the API of a platform, which can refuse, be busy, meet conflicts and break, and
   * against which it has so many calls in flight at most. Otherwise there is no such API.
   */
  CALLS_AN_API,
  /**
   * Hears of ends by a watch that can die without a word, and finds that out. Otherwise it has no
   * watch.
   */
  WATCHES,
  /**
   * Has a bound for its workers and refuses the one beyond it with PROVISIONING_FAILED and a time
   * to come again. Otherwise it has no bound.
   */
  HAS_A_CAPACITY
}
