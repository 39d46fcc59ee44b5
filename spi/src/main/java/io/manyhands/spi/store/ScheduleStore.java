/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.store;

import io.manyhands.api.app.ApplicationId;
import java.time.Instant;
import java.util.Optional;

/**
 * Remembers when each timer last fired and was to fire next. Thread-safe; may block, and is called
 * from the blocking executor.
 */
public interface ScheduleStore {
  /** What is known of a function's timer. */
  Optional<ScheduleStatus> read(ApplicationId application, String function);

  /** Replaces it; is durable when it returns. */
  void write(ApplicationId application, String function, ScheduleStatus status);

  /**
   * A timer's state.
   *
   * @param last when it last fired
   * @param next when it is to fire next
   */
  record ScheduleStatus(Instant last, Instant next) {}
}
