/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import java.util.Comparator;

/**
 * An application's place among those that wait for workers, as it was filed. On the placement
 * strand.
 */
final class Claim {
  /** Those that have no worker at all first, then who waits longest. */
  static final Comparator<Claim> ORDER =
      Comparator.comparing((Claim claim) -> !claim.none).thenComparingLong(claim -> claim.ticket);

  private final AppPlacement application;
  private boolean none;
  private long ticket;
  private int workers;

  Claim(AppPlacement application) {
    this.application = application;
  }

  AppPlacement application() {
    return application;
  }

  /**
   * Notes what it waits for before it is filed; never while it is filed.
   *
   * @param next the ticket that it draws where it has none
   */
  void note(int missing, long next) {
    none = application.hasNone();
    workers = missing;
    if (ticket == 0) {
      ticket = next;
    }
  }

  /** It got a worker: for a further one it queues up anew. */
  void served() {
    ticket = 0;
  }

  /** True where it has no worker at all. */
  boolean none() {
    return none;
  }

  int workers() {
    return workers;
  }
}
