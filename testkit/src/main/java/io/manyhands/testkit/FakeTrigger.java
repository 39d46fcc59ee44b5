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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Provides {@code httpTrigger}, {@code http} and a trigger of its own without a server: delivers
 * what a test says, and remembers what it was told. On the test's thread.
 */
public final class FakeTrigger implements Trigger {
  /** The binding type of its own trigger, which stands for those with a source behind them. */
  public static final String TYPE = "fakeTrigger";

  private final List<String> events = new ArrayList<>();
  private final Map<ApplicationId, InvocationSink> sinks = new HashMap<>();
  private final Map<ApplicationId, TriggerApplication> applications = new HashMap<>();
  private final Map<ApplicationId, Listener> running = new HashMap<>();
  private final Map<String, String> refused = new TreeMap<>();
  private Set<ApplicationId> knownAtStart = Set.of();

  /** What happened, as {@code <application> <event>}. */
  public List<String> events() {
    return List.copyOf(events);
  }

  /** What it was told last of that application; fails where it was told nothing. */
  public TriggerApplication application(String application) {
    TriggerApplication known = applications.get(ApplicationId.of(application));
    if (known == null) {
      throw new IllegalStateException("application " + application + " was never listened for");
    }
    return known;
  }

  /** Where the newest listener of that application submits; fails where there was none. */
  public InvocationSink sink(String application) {
    InvocationSink sink = sinks.get(ApplicationId.of(application));
    if (sink == null) {
      throw new IllegalStateException("application " + application + " was never listened for");
    }
    return sink;
  }

  /** Functions of that name fail with that problem from now on, in every application. */
  public FakeTrigger refusing(String function, String problem) {
    refused.put(function, problem);
    return this;
  }

  /** True where events of that function are listened for now. */
  public boolean isListening(String application, String function) {
    Listener listener = running.get(ApplicationId.of(application));
    return listener != null && listener.functions.contains(function);
  }

  /** Hands a delivery over, as a trigger does; fails where nobody listens for its function. */
  public CompletableFuture<InvocationResult> deliver(Invocation invocation, Delivery delivery) {
    Listener listener = running.get(invocation.application());
    if (listener == null || !listener.functions.contains(invocation.function())) {
      throw new IllegalStateException(
          "nobody listens for function " + invocation.application() + "/" + invocation.function());
    }
    return listener.submit(invocation, delivery);
  }

  /** The applications that it knew of when it was started last. */
  public Set<ApplicationId> knownAtStart() {
    return knownAtStart;
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
    knownAtStart = Set.copyOf(sinks.keySet());
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public TriggerListener listen(TriggerApplication application, InvocationSink sink) {
    sinks.put(application.id(), sink);
    applications.put(application.id(), application);
    return new Listener(application.id(), sink);
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    return CompletableFuture.completedFuture(null);
  }

  private final class Listener implements TriggerListener {
    private final ApplicationId application;
    private final InvocationSink sink;
    private final Set<String> functions = new HashSet<>();
    private int calls;
    private @Nullable CompletableFuture<Void> stopped;

    Listener(ApplicationId application, InvocationSink sink) {
      this.application = application;
      this.sink = sink;
    }

    CompletableFuture<InvocationResult> submit(Invocation invocation, Delivery delivery) {
      CompletableFuture<InvocationResult> answer = new CompletableFuture<>();
      calls++;
      InvocationSink.Handle unused =
          sink.submit(
              invocation,
              delivery,
              result -> {
                calls--;
                answer.complete(result);
                completeIfOver();
              });
      return answer;
    }

    @Override
    public Map<String, String> prepare(List<FunctionDefinition> prepared) {
      events.add(application + " prepare " + prepared.size());
      Map<String, String> problems = new TreeMap<>();
      for (FunctionDefinition function : prepared) {
        String problem = refused.get(function.name());
        if (problem == null) {
          functions.add(function.name());
        } else {
          problems.put(function.name(), problem);
        }
      }
      return problems;
    }

    @Override
    public void onState(JobHostState state) {
      events.add(application + " " + state);
      switch (state) {
        case RUNNING -> running.put(application, this);
        case DRAINING, STOPPED, FAILED -> running.remove(application, this);
        case STARTING, INDEXING -> {}
      }
    }

    @Override
    public void onApplicationChanged(TriggerApplication changed) {
      applications.put(changed.id(), changed);
    }

    @Override
    public CompletionStage<Void> stop() {
      events.add(application + " stop");
      running.remove(application, this);
      if (stopped == null) {
        stopped = new CompletableFuture<>();
      }
      completeIfOver();
      return stopped.copy();
    }

    private void completeIfOver() {
      if (stopped != null && calls == 0) {
        stopped.complete(null);
      }
    }
  }
}
