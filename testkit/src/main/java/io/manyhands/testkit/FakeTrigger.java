/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

import io.manyhands.api.Endpoint;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.spi.trigger.Delivery;
import io.manyhands.spi.trigger.InvocationSink;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerApplication;
import io.manyhands.spi.trigger.TriggerListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Provides {@code httpTrigger}, {@code http} and a trigger of its own without a server, delivers
 * what a test says, and remembers what it was told. On the test's thread.
 */
public final class FakeTrigger implements Trigger {
  /** The binding type of its own trigger, which stands for those with a source behind them. */
  public static final String TYPE = "fakeTrigger";

  private final List<String> events = new ArrayList<>();
  private final Map<ApplicationId, InvocationSink> sinks = new HashMap<>();

  /** What happened, as {@code <application> <event>}. */
  public List<String> events() {
    return List.copyOf(events);
  }

  /** Where the newest listener of that application submits; fails where there was none. */
  public InvocationSink sink(String application) {
    InvocationSink sink = sinks.get(ApplicationId.of(application));
    if (sink == null) {
      throw new IllegalStateException("application " + application + " was never listened for");
    }
    return sink;
  }

  /** Hands a delivery to the application's latest listener, as a trigger does. */
  public CompletableFuture<InvocationResult> deliver(Invocation invocation, Delivery delivery) {
    CompletableFuture<InvocationResult> result = new CompletableFuture<>();
    InvocationSink.Handle unused =
        sink(invocation.application().value()).submit(invocation, delivery, result::complete);
    return result;
  }

  @Override
  public Set<String> triggerTypes() {
    return Set.of("httpTrigger", TYPE);
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
    sinks.put(application.id(), sink);
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
