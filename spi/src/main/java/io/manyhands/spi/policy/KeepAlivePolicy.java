/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.policy;

import java.time.Duration;
import java.util.Objects;

/**
 * Decides how long an application without calls keeps a worker, and whether it gets one before the
 * next call is due. One instance a Runtime.
 *
 * <p>Called on the Runtime's scaling strand, never concurrently; must return at once. What it
 * throws is logged, and the idle timeout of the Runtime's options holds instead.
 */
@FunctionalInterface
public interface KeepAlivePolicy {
  /**
   * Makes the memory of one application. It lives as long as the application: through updates, and
   * while the application has no worker.
   */
  KeepAlive keepAlive();

  /** Watches one application. */
  interface KeepAlive {
    /** A call has come after a time without any. */
    void onIdleEnded(Duration idle);

    /** Asked at the beginning of each time without calls; holds until it ends. */
    Windows windows();
  }

  /**
   * What to do in a time without calls, counted from its beginning.
   *
   * @param preWarm zero keeps the workers; otherwise they go at once, and one is made ready when so
   *     much time has passed
   * @param keepAlive how long a worker is kept then, from the beginning or from the pre-warming on;
   *     positive
   * @param reason for people: figures, and which rule
   */
  record Windows(Duration preWarm, Duration keepAlive, String reason) {
    public Windows {
      Objects.requireNonNull(preWarm, "preWarm");
      Objects.requireNonNull(keepAlive, "keepAlive");
      Objects.requireNonNull(reason, "reason");
    }
  }
}
