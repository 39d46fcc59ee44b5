/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.policy;

import io.manyhands.spi.time.Randomness;

/**
 * Decides which worker takes a call. Given to the builder, or offered by a plug-in through a {@link
 * LoadBalancerFactory} and chosen by name.
 */
@FunctionalInterface
public interface LoadBalancer {
  /**
   * Makes the picker of one application.
   *
   * @param randomness all chance that a picker uses, so that a run can be repeated from its seed
   */
  Picker picker(Randomness randomness);

  /**
   * Picks on the caller's thread, from many threads at once; must neither block nor lock. The
   * workers differ from pick to pick. A hint: the slot may be gone, and is then picked for again.
   * An exception or an index that is none costs no call; the first worker with a free slot takes
   * it.
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
