/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.worker;

/**
 * The life of a worker; GONE is final. The table of transitions stands in {@code
 * docs/architecture.md}.
 */
public enum WorkerState {
  /** Asked of a provisioner; no connection yet. */
  REQUESTED,
  /** Its first message arrived. */
  CONNECTED,
  /** WorkerInitRequest was sent. */
  INITIALIZING,
  /** Initialized and of no application. */
  PLACEHOLDER,
  /** Becoming a worker of an application: environment, index, load. */
  SPECIALIZING,
  /** Takes calls. */
  READY,
  /** Did not answer in time; takes no new calls until it does. */
  SUSPECT,
  /**
   * A call overran and cannot be cancelled; takes no new calls and is destroyed when its others are
   * done.
   */
  QUARANTINED,
  /** Takes no new calls; ends when those in flight are done. */
  DRAINING,
  /** Lost its stream and may come back. */
  DISCONNECTED,
  /** Ended. */
  GONE;

  /** True where nothing follows. */
  public boolean isFinal() {
    return this == GONE;
  }
}
