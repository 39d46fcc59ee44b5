/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.spi.store.ScheduleStore;
import io.manyhands.spi.time.TimeSeams;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** The only door from a plug-in back to its Runtime. */
public interface PluginContext {
  /** Options of the Runtime. */
  RuntimeOptions options();

  /**
   * The Runtime's state directory, existing with mode 0700; throws INVALID_ARGUMENT naming the
   * option and the plug-in where none is configured.
   */
  Path stateDirectory();

  /** Clock, ticker, scheduler and randomness: use no others. */
  TimeSeams time();

  /**
   * Bounded; the only place where a plug-in may block. A full one throws {@link
   * java.util.concurrent.RejectedExecutionException}.
   */
  Executor blockingExecutor();

  /**
   * Where timers remember when they fired: the store that the embedder chose, else {@code file} in
   * the state directory, else, where none is configured, {@code memory}. Throws INVALID_ARGUMENT
   * where no plug-in offers it. To be asked for by {@code create} of a factory.
   */
  default ScheduleStore scheduleStore() {
    throw new ManyhandsException(
        ErrorCode.INVALID_ARGUMENT, "schedule store: none here (expected: a Runtime's context)");
  }

  /**
   * A counter in the Runtime's metrics snapshot, where its name follows that of the plug-in, such
   * as {@code trigger.http.clientsGone}. Ask once and keep it.
   */
  default LongAdder counter(String name) {
    return new LongAdder();
  }

  /** A value that is asked for at each snapshot, named likewise; must not block. */
  default void gauge(String name, LongSupplier value) {}
}
