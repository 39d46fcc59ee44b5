/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi;

import io.manyhands.api.RuntimeOptions;
import io.manyhands.spi.time.TimeSeams;
import java.nio.file.Path;
import java.util.concurrent.Executor;

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
}
