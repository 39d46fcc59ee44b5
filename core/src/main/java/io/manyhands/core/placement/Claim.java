/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.core.limits.FairTickets;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An application's place among those that wait for workers, as it was filed. On the placement
 * strand.
 */
final class Claim {
  /** Those that have no worker at all first, then by the fair order of their tenants. */
  static final Comparator<Claim> ORDER =
      Comparator.comparing((Claim claim) -> !claim.none).thenComparing(claim -> claim.ticket);

  private static final FairTickets.Ticket NONE = new FairTickets.Ticket(Long.MIN_VALUE, 0);

  private final AppPlacement application;
  private boolean none;
  private FairTickets.Ticket ticket = NONE;
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
   * @param next draws a ticket, where it has none
   */
  void note(int missing, Supplier<FairTickets.Ticket> next) {
    none = application.hasNone();
    workers = missing;
    if (ticket.equals(NONE)) {
      ticket = next.get();
    }
  }

  /** It got a worker, or is gone: for a further one it queues up anew. */
  Optional<FairTickets.Ticket> over() {
    FairTickets.Ticket had = ticket;
    ticket = NONE;
    return had.equals(NONE) ? Optional.empty() : Optional.of(had);
  }

  /** True where it has no worker at all. */
  boolean none() {
    return none;
  }

  int workers() {
    return workers;
  }
}
