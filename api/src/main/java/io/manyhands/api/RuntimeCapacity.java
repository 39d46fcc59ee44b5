/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api;

/**
 * How much more a Runtime takes, at one moment; for whoever spreads applications and workers over
 * several. What the options leave open is bounded by memory: half of the maximum heap, at {@link
 * #JOB_HOST_BYTES} for an application's JobHost and {@link #WORKER_BYTES} for a connected worker.
 *
 * @param revision grows with each change; of two, the one with the higher revision is newer
 * @param jobHosts applications that it takes beyond those it has; 0 while it does not run
 * @param workers workers that it takes beyond those it has; 0 while it does not run
 */
public record RuntimeCapacity(long revision, int jobHosts, int workers) {
  /** Heap that an idle JobHost is reckoned at. */
  public static final long JOB_HOST_BYTES = 50 * 1024;

  /** Memory that a connected, idle worker is reckoned at. */
  public static final long WORKER_BYTES = 60 * 1024;

  /** Takes nothing. */
  public static RuntimeCapacity none(long revision) {
    return new RuntimeCapacity(revision, 0, 0);
  }
}
