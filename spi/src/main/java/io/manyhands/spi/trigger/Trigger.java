/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.trigger;

import io.manyhands.api.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * One kind of trigger, shared by all applications of a Runtime: an HTTP server, a schedule.
 * Thread-safe; no method blocks.
 */
public interface Trigger {
  /** Binding types that it listens for, such as {@code httpTrigger}. */
  Set<String> triggerTypes();

  /** Further binding types that its functions may have, such as {@code http}. */
  default Set<String> bindingTypes() {
    return Set.of();
  }

  /**
   * Opens what all applications share. Completes with where it listens, if anywhere; fails with
   * RESOURCE_UNAVAILABLE naming what could not be had.
   */
  CompletionStage<List<Endpoint>> start();

  /**
   * Makes the listener of one application, at its start, before its functions are known; before
   * {@link #start} too, for those that were declared with the Runtime, so that callers never find
   * them missing. It takes nothing until it is told RUNNING; an application has one at a time, the
   * next (after an update) takes over the moment it is RUNNING.
   */
  TriggerListener listen(TriggerApplication application, InvocationSink sink);

  /** Closes what {@link #start} opened, within the grace. Listeners have been stopped before. */
  CompletionStage<Void> stop(Duration grace);
}
