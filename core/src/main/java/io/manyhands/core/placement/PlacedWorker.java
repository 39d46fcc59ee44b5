/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.worker.WorkerStack;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.session.WorkerSession;
import io.manyhands.spi.time.Scheduler;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One worker as placement sees it. Touched on the placement strand alone. */
final class PlacedWorker {
  /** In the order of their requests. */
  static final Comparator<PlacedWorker> BY_AGE = Comparator.comparingLong(worker -> worker.number);

  /** What it is good for. */
  enum Phase {
    /** On its way, and of no application. */
    STARTING,
    /**
     * An earlier start of the Runtime knew it and it may be back any moment, as a placeholder or as
     * some application's: until then nobody takes what may come with it from elsewhere.
     */
    RETURNING,
    /** Was waited for long enough: nobody counts on it any more. */
    OVERDUE,
    PLACEHOLDER,
    /** Came back, still specialized, to a new start of the Runtime; of no application yet. */
    HELD,
    /** Chosen for or started for an application that it does not serve yet. */
    BECOMING,
    SERVING,
    /** An application's; takes no calls until it answers again. */
    DOUBTFUL,
    /** An application's; lost its stream and may come back. */
    AWAY,
    /** Takes no further calls and will end. */
    LEAVING,
    GONE;

    static Phase of(WorkerState state, boolean assigned) {
      return switch (state) {
        case REQUESTED, CONNECTED, INITIALIZING -> assigned ? BECOMING : STARTING;
        case PLACEHOLDER -> assigned ? BECOMING : PLACEHOLDER;
        case SPECIALIZING -> BECOMING;
        case READY -> SERVING;
        case SUSPECT -> DOUBTFUL;
        case DISCONNECTED -> assigned ? AWAY : STARTING;
        case QUARANTINED, DRAINING -> LEAVING;
        case GONE -> GONE;
      };
    }
  }

  private final WorkerSession session;
  private final long number;
  private final boolean ours;
  private final @Nullable StartGate gate;
  private final long askedNanos;
  private Phase phase = Phase.STARTING;
  private @Nullable AppPlacement application;
  private long chosenNanos;
  private boolean initialized;
  private boolean ready;
  private boolean ending;
  private long readyNanos;
  private @Nullable Kind kind;
  private Scheduler.@Nullable Cancellable awaited;

  /** What a policy can tell placeholders apart by. */
  record Kind(WorkerStack stack, Map<String, String> labels) {}

  /**
   * @param number counts them
   * @param ours false where it is not this Runtime's to end while it is of use to nobody
   * @param gate of the start, where it was asked for; null where it came unasked
   * @param askedNanos when, on the ticker
   */
  PlacedWorker(
      WorkerSession session, long number, boolean ours, @Nullable StartGate gate, long askedNanos) {
    this.session = session;
    this.number = number;
    this.ours = ours;
    this.gate = gate;
    this.askedNanos = askedNanos;
  }

  WorkerSession session() {
    return session;
  }

  /** False where somebody else started it, and is to end it. */
  boolean ours() {
    return ours;
  }

  @Nullable StartGate gate() {
    return gate;
  }

  long askedNanos() {
    return askedNanos;
  }

  Phase phase() {
    return phase;
  }

  void phase(Phase next) {
    phase = next;
    Scheduler.Cancellable pending = awaited;
    if (next != Phase.RETURNING && pending != null) {
      awaited = null;
      pending.cancel();
    }
  }

  /** It is waited for until then. */
  void await(Scheduler.Cancellable end) {
    awaited = end;
  }

  @Nullable AppPlacement application() {
    return application;
  }

  void application(@Nullable AppPlacement next, long now) {
    application = next;
    chosenNanos = now;
  }

  /** When it was chosen for its application, on the ticker. */
  long chosenNanos() {
    return chosenNanos;
  }

  /** Notes how far it came; true where it answered its initialization just now. */
  boolean reached(WorkerState state, long now) {
    boolean first =
        !initialized
            && (state == WorkerState.PLACEHOLDER
                || state == WorkerState.SPECIALIZING
                || state == WorkerState.READY);
    initialized |= first;
    if (state == WorkerState.READY && !ready) {
      ready = true;
      readyNanos = now;
    }
    return first;
  }

  boolean initialized() {
    return initialized;
  }

  /** True where it served at some time. */
  boolean served() {
    return ready;
  }

  long servedNanos(long now) {
    return ready ? now - readyNanos : 0;
  }

  /** It was told to end; true the first time. */
  boolean end() {
    boolean first = !ending;
    ending = true;
    return first;
  }

  boolean ending() {
    return ending;
  }

  /** Under which a placeholder was filed. */
  @Nullable Kind kind() {
    return kind;
  }

  void kind(@Nullable Kind next) {
    kind = next;
  }
}
