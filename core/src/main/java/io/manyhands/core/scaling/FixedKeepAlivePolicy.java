/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.scaling;

import io.manyhands.spi.policy.KeepAlivePolicy;
import java.time.Duration;

/** Keeps workers for the same time always. */
final class FixedKeepAlivePolicy implements KeepAlivePolicy {
  private final Windows windows;

  FixedKeepAlivePolicy(Duration keep) {
    this.windows = new Windows(Duration.ZERO, keep, "workers are kept for " + keep);
  }

  @Override
  public KeepAlive keepAlive() {
    return new KeepAlive() {
      @Override
      public void onIdleEnded(Duration idle) {
        // Nothing is learned.
      }

      @Override
      public Windows windows() {
        return windows;
      }
    };
  }
}
