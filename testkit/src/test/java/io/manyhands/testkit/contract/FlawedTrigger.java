/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import io.manyhands.api.Endpoint;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.spi.trigger.InvocationSink;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerApplication;
import io.manyhands.spi.trigger.TriggerListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A trigger in memory that is sound but for one mistake. */
final class FlawedTrigger implements Trigger {
  private final FlawedEvents events;
  private final TriggerFlaw flaw;
  private final Endpoint endpoint;
  private final List<FlawedListener> listeners = new ArrayList<>();
  private final Map<ApplicationId, FlawedListener> current = new HashMap<>();
  private final Set<ApplicationId> known = new HashSet<>();
  private boolean started;
  private int count;

  FlawedTrigger(FlawedEvents events, TriggerFlaw flaw, Endpoint endpoint) {
    this.events = events;
    this.flaw = flaw;
    this.endpoint = endpoint;
  }

  boolean has(TriggerFlaw asked) {
    return flaw == asked;
  }

  void event(ApplicationId application, String function) {
    if (has(TriggerFlaw.LOSES_EVENTS_IN_A_CROWD) && ++count % 10 == 0) {
      return;
    }
    if (has(TriggerFlaw.CALLS_BOTH_REVISIONS)
        || has(TriggerFlaw.SUBMITS_WHILE_INDEXING)
        || has(TriggerFlaw.SUBMITS_WHILE_DRAINING)
        || has(TriggerFlaw.SUBMITS_TO_THE_STOPPED)
        || has(TriggerFlaw.SUBMITS_TO_THE_FAILED)
        || has(TriggerFlaw.SUBMITS_AFTER_THE_STOP)) {
      listeners.stream()
          .filter(listener -> listener.id().equals(application) && listener.hears())
          .forEach(listener -> listener.submit(function));
      return;
    }
    FlawedListener listener =
        has(TriggerFlaw.CONFUSES_APPLICATIONS)
            ? current.values().stream().findFirst().orElse(null)
            : current.get(application);
    if (listener != null && started) {
      listener.submit(function);
    }
  }

  /** That listener's application runs. */
  void running(FlawedListener listener) {
    boolean late =
        (has(TriggerFlaw.NEXT_REVISION_WAITS_FOR_THE_END) && current.containsKey(listener.id()))
            || (has(TriggerFlaw.KNOWS_AN_APPLICATION_ONCE) && !known.add(listener.id()))
            || (has(TriggerFlaw.FORGETS_EARLY_LISTENERS) && !started);
    if (!late) {
      current.put(listener.id(), listener);
    }
  }

  void ended(FlawedListener listener, boolean failed) {
    if ((failed && has(TriggerFlaw.FAILED_REVISION_ENDS_THE_OLD))
        || (!failed && has(TriggerFlaw.END_OF_THE_OLD_ENDS_THE_NEXT))) {
      current.remove(listener.id());
    } else {
      current.remove(listener.id(), listener);
    }
  }

  @Override
  public Set<String> triggerTypes() {
    return has(TriggerFlaw.KNOWS_NO_TYPES_BEFORE_THE_START) && !started
        ? Set.of()
        : Set.of("httpTrigger");
  }

  @Override
  public CompletionStage<List<Endpoint>> start() {
    int port = endpoint.uri().getPort();
    if (!events.take(port) && !has(TriggerFlaw.SHARES_A_TAKEN_ADDRESS)) {
      return CompletableFuture.failedFuture(
          new ManyhandsException(
              ErrorCode.RESOURCE_UNAVAILABLE,
              has(TriggerFlaw.NAMES_NOT_WHAT_IS_TAKEN) ? "no luck" : "port " + port + " is taken"));
    }
    started = true;
    return CompletableFuture.completedFuture(
        has(TriggerFlaw.NAMES_NO_ENDPOINT) ? List.of() : List.of(endpoint));
  }

  @Override
  public TriggerListener listen(TriggerApplication application, InvocationSink sink) {
    FlawedListener listener = new FlawedListener(this, application.id(), sink);
    listeners.add(listener);
    return listener;
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    if (!started) {
      return has(TriggerFlaw.STOP_WITHOUT_START_HANGS)
          ? new CompletableFuture<>()
          : CompletableFuture.completedFuture(null);
    }
    started = false;
    if (!has(TriggerFlaw.KEEPS_ITS_ADDRESS)) {
      events.free(endpoint.uri().getPort());
    }
    return has(TriggerFlaw.STOP_WAITS_FOR_CALLS)
            && listeners.stream().anyMatch(FlawedListener::hasCalls)
        ? new CompletableFuture<>()
        : CompletableFuture.completedFuture(null);
  }
}
