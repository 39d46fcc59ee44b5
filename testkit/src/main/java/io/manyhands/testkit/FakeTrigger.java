/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

import io.manyhands.api.Endpoint;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.JobHostState;
import io.manyhands.spi.trigger.InvocationSink;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerApplication;
import io.manyhands.spi.trigger.TriggerListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Provides {@code httpTrigger} and {@code http} without a server, and remembers what it was told.
 * On the test's thread.
 */
public final class FakeTrigger implements Trigger {
  private final List<String> events = new ArrayList<>();

  /** What happened, as {@code <application> <event>}. */
  public List<String> events() {
    return List.copyOf(events);
  }

  @Override
  public Set<String> triggerTypes() {
    return Set.of("httpTrigger");
  }

  @Override
  public Set<String> bindingTypes() {
    return Set.of("http");
  }

  @Override
  public CompletionStage<List<Endpoint>> start() {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public TriggerListener listen(TriggerApplication application, InvocationSink sink) {
    return new TriggerListener() {
      @Override
      public Map<String, String> prepare(List<FunctionDefinition> functions) {
        events.add(application.id() + " prepare " + functions.size());
        return Map.of();
      }

      @Override
      public void onState(JobHostState state) {
        events.add(application.id() + " " + state);
      }

      @Override
      public void onApplicationChanged(TriggerApplication changed) {}

      @Override
      public CompletionStage<Void> stop() {
        events.add(application.id() + " stop");
        return CompletableFuture.completedFuture(null);
      }
    };
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    return CompletableFuture.completedFuture(null);
  }
}
