/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.store;

import io.manyhands.api.app.ApplicationId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Remembers when each timer last fired and is to fire next. Thread-safe; may block, and is called
 * from the blocking executor. What it cannot do it says by RESOURCE_UNAVAILABLE, naming what it
 * could not read or write; the timer goes on without.
 */
public interface ScheduleStore extends AutoCloseable {
  /**
   * What is known of a function's timer; empty where nothing is, or where what is kept cannot be
   * understood, which the store says in its log.
   */
  Optional<ScheduleStatus> read(ApplicationId application, String function);

  /** Replaces it; is durable when it returns. */
  void write(ApplicationId application, String function, ScheduleStatus status);

  /** Called once, when the Runtime has closed and nobody reads or writes any more. */
  @Override
  default void close() {}

  /**
   * A timer's state.
   *
   * @param last when it last fired; empty where it never did
   * @param next when it is to fire next
   */
  record ScheduleStatus(Optional<Instant> last, Instant next) {
    public ScheduleStatus {
      Objects.requireNonNull(last, "last");
      Objects.requireNonNull(next, "next");
    }
  }
}
