/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

/** What can happen to a worker. */
public enum WorkerEvent {
  /** Its stream began and its id was accepted. */
  STREAM_ACCEPTED,
  /** WorkerInitRequest was sent. */
  INIT_SENT,
  /** It answered, and is of no application. */
  INITIALIZED,
  /** It was chosen for, or started for, an application. */
  CHOSEN,
  /** All functions are loaded. */
  SPECIALIZED,
  /** A status request was not answered in time. */
  UNANSWERED,
  /** It answered after all. */
  ANSWERED,
  /** A call overran and was not or could not be cancelled. */
  OVERRAN,
  /** It is to end when its calls are done. */
  DRAIN_ASKED,
  /** Its stream ended, and it said that it would come back. */
  STREAM_LOST,
  /** It came back, and is of no application. */
  RESUMED_PLACEHOLDER,
  /** It came back, still specialized. */
  RESUMED_READY,
  /** It came back, with a call that overran meanwhile. */
  RESUMED_QUARANTINED,
  /** It came back, to end when its calls are done. */
  RESUMED_DRAINING,
  /** Its stream ended, it was terminated, timed out, failed, or is no longer needed. */
  ENDED
}
