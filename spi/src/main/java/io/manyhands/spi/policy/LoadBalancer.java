/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.policy;

import io.manyhands.spi.time.Randomness;

/** Decides which worker takes a call. */
@FunctionalInterface
public interface LoadBalancer {
  /** Makes the picker of one set of workers. */
  Picker picker(Randomness randomness);

  /**
   * Picks without a lock on the caller's thread, over a fixed set of workers. A hint: the slot may
   * be gone.
   */
  @FunctionalInterface
  interface Picker {
    /** The index of the worker to try, or -1 where none has a free slot. */
    int pick(Loads loads);
  }

  /** The loads of a set of workers, as they are now. */
  interface Loads {
    int size();

    /** Calls in flight of the worker. */
    int inFlight(int index);

    /** Free slots of the worker; 0 or less where it takes none. */
    int free(int index);
  }
}
