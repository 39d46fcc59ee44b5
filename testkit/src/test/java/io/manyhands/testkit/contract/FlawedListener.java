/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.trigger.Delivery;
import io.manyhands.spi.trigger.InvocationSink;
import io.manyhands.spi.trigger.TriggerApplication;
import io.manyhands.spi.trigger.TriggerListener;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One application's part of a {@link FlawedTrigger}. */
final class FlawedListener implements TriggerListener {
  private final FlawedTrigger trigger;
  private final ApplicationId application;
  private final InvocationSink sink;
  private final Set<String> functions = new HashSet<>();
  private JobHostState state = JobHostState.STARTING;
  private boolean ran;
  private boolean over;
  private int calls;
  private @Nullable CompletableFuture<Void> stopped;

  FlawedListener(FlawedTrigger trigger, ApplicationId application, InvocationSink sink) {
    this.trigger = trigger;
    this.application = application;
    this.sink = sink;
  }

  ApplicationId id() {
    return application;
  }

  boolean hasCalls() {
    return calls > 0;
  }

  /** Whether events reach it by one of the mistakes, or because it runs. */
  boolean hears() {
    return switch (state) {
      case STARTING -> false;
      case INDEXING -> trigger.has(TriggerFlaw.SUBMITS_WHILE_INDEXING);
      case RUNNING -> true;
      case DRAINING ->
          trigger.has(TriggerFlaw.SUBMITS_WHILE_DRAINING)
              || trigger.has(TriggerFlaw.SUBMITS_AFTER_THE_STOP)
              || trigger.has(TriggerFlaw.CALLS_BOTH_REVISIONS);
      case STOPPED -> trigger.has(TriggerFlaw.SUBMITS_TO_THE_STOPPED);
      case FAILED -> trigger.has(TriggerFlaw.SUBMITS_TO_THE_FAILED);
    };
  }

  void submit(String function) {
    if (over || !functions.contains(function)) {
      return;
    }
    submitOnce(function);
    if (trigger.has(TriggerFlaw.SUBMITS_TWICE)) {
      submitOnce(function);
    }
  }

  private void submitOnce(String function) {
    calls++;
    sink.submit(
        Invocation.of(application, function, Payload.empty()),
        trigger.has(TriggerFlaw.CLAIMS_THAT_ITS_SOURCE_RETRIES)
            ? Delivery.ofBroker(1)
            : Delivery.once(),
        result -> {
          calls--;
          over = over || (trigger.has(TriggerFlaw.ENDS_AT_A_FAILURE) && !result.succeeded());
          completeIfOver();
        });
  }

  @Override
  public Map<String, String> prepare(List<FunctionDefinition> prepared) {
    Map<String, String> problems = new HashMap<>();
    Map<Object, String> slots = new HashMap<>();
    for (FunctionDefinition function : prepared) {
      Map<String, Object> attributes = function.bindings().get(0).attributes();
      Object slot = attributes.get(FlawedEvents.SLOT);
      String other = slot == null ? null : slots.put(slot, function.name());
      if (other != null && !trigger.has(TriggerFlaw.TAKES_CONFLICTS)) {
        String both = trigger.has(TriggerFlaw.NAMES_ONE_OF_TWO) ? "" : " and " + other;
        throw new ManyhandsException(
            ErrorCode.INVALID_ARGUMENT, "functions " + function.name() + both + " conflict");
      }
      boolean sound = attributes.get(FlawedEvents.PLANTED) == null;
      if (sound || trigger.has(TriggerFlaw.RUNS_THE_UNSOUND)) {
        functions.add(function.name());
      }
      if (!sound) {
        String expected =
            trigger.has(TriggerFlaw.SAYS_NOT_WHAT_IS_EXPECTED) ? "" : " (expected: none)";
        problems.put(function.name(), "function " + function.name() + ": a mistake" + expected);
      }
    }
    if (!problems.isEmpty() && trigger.has(TriggerFlaw.REFUSES_ALL_FOR_ONE)) {
      prepared.forEach(function -> problems.put(function.name(), "one is expected to be broken"));
    }
    return problems;
  }

  @Override
  public void onState(JobHostState next) {
    state = next;
    switch (next) {
      case RUNNING -> {
        ran = true;
        trigger.running(this);
      }
      case DRAINING, STOPPED -> trigger.ended(this, false);
      case FAILED -> trigger.ended(this, true);
      case STARTING, INDEXING -> {}
    }
  }

  @Override
  public void onApplicationChanged(TriggerApplication changed) {
    over = over || (state == JobHostState.RUNNING && trigger.has(TriggerFlaw.CHANGE_ENDS_IT));
  }

  @Override
  public CompletionStage<Void> stop() {
    if (!trigger.has(TriggerFlaw.STOPPED_LISTENER_GOES_ON)) {
      trigger.ended(this, state == JobHostState.FAILED);
    }
    if (stopped == null) {
      stopped = new CompletableFuture<>();
    }
    if (ran || !trigger.has(TriggerFlaw.LISTENER_STOP_HANGS_BEFORE_IT_RUNS)) {
      completeIfOver();
    }
    return stopped.copy();
  }

  private void completeIfOver() {
    if (stopped != null
        && (calls == 0 || trigger.has(TriggerFlaw.LISTENER_STOP_WAITS_FOR_NOBODY))) {
      stopped.complete(null);
    }
  }
}
