/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.limits;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * The order in which those who wait are served, so that nobody gets more than its share by asking
 * more often: start-time fair queueing. Who asks draws a ticket that starts where its owner's last
 * one ended, or at the ticket served last, whichever is later, and is as long as its owner's weight
 * is small. The lowest start is served first, of equal ones the earliest. Who waits is passed by a
 * bounded number of others, whatever they do. Not thread-safe.
 *
 * @param <K> who shares
 */
public final class FairTickets<K> {
  /** Length of a ticket of weight 1; divides by small weights without rest. */
  private static final long LENGTH = 720_720;

  private static final int KEPT = 64;

  private final ToIntFunction<K> weights;
  private final Map<K, Long> ends = new HashMap<>();
  private long served;
  private long sequence;
  private int kept = KEPT;

  /**
   * A place in the order.
   *
   * @param start the lower the sooner
   * @param sequence decides between equal starts
   */
  public record Ticket(long start, long sequence) implements Comparable<Ticket> {
    @Override
    public int compareTo(Ticket other) {
      int order = Long.compare(start, other.start);
      return order != 0 ? order : Long.compare(sequence, other.sequence);
    }
  }

  /**
   * @param weights the share of each; 1 or more
   */
  public FairTickets(ToIntFunction<K> weights) {
    this.weights = weights;
  }

  public Ticket draw(K owner) {
    long start = Math.max(served, ends.getOrDefault(owner, served));
    ends.put(owner, start + length(owner));
    return new Ticket(start, ++sequence);
  }

  /** Its owner waits no longer, without having got anything. */
  public void giveBack(K owner, Ticket ticket) {
    // One that is not the owner's last leaves a gap that the owner pays for.
    ends.replace(owner, ticket.start() + length(owner), ticket.start());
  }

  public void served(Ticket ticket) {
    served = Math.max(served, ticket.start());
    if (ends.size() > kept) {
      ends.values().removeIf(end -> end <= served);
      kept = Math.max(KEPT, 2 * ends.size());
    }
  }

  private long length(K owner) {
    return LENGTH / weights.applyAsInt(owner);
  }
}
