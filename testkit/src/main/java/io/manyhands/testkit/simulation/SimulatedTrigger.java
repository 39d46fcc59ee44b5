/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.Endpoint;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.spi.trigger.InvocationSink;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerApplication;
import io.manyhands.spi.trigger.TriggerListener;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lets callers come through a trigger's sink, as HTTP requests do. On the simulation's thread. */
final class SimulatedTrigger implements Trigger {
  static final String TYPE = "httpTrigger";
  static final String OUTPUT = "http";

  private final Map<ApplicationId, Listener> listeners = new LinkedHashMap<>();

  /**
   * Calls through the application's listener; empty where it has none.
   *
   * @return takes the call back
   */
  Optional<InvocationSink.Handle> submit(
      Invocation invocation, InvocationSink.Completion completion) {
    return Optional.ofNullable(listeners.get(invocation.application()))
        .map(listener -> listener.submit(invocation, completion));
  }

  @Override
  public Set<String> triggerTypes() {
    return Set.of(TYPE);
  }

  @Override
  public Set<String> bindingTypes() {
    return Set.of(OUTPUT);
  }

  @Override
  public CompletionStage<List<Endpoint>> start() {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public TriggerListener listen(TriggerApplication application, InvocationSink sink) {
    return new Listener(application.id(), sink);
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    return CompletableFuture.completedFuture(null);
  }

  private final class Listener implements TriggerListener {
    private final ApplicationId application;
    private final InvocationSink sink;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private int running;
    private boolean stopping;

    Listener(ApplicationId application, InvocationSink sink) {
      this.application = application;
      this.sink = sink;
    }

    InvocationSink.Handle submit(Invocation invocation, InvocationSink.Completion completion) {
      running++;
      return sink.submit(
          invocation,
          result -> {
            running--;
            completion.onCompleted(result);
            endIfIdle();
          });
    }

    @Override
    public Map<String, String> prepare(List<FunctionDefinition> functions) {
      return Map.of();
    }

    @Override
    public void onState(JobHostState state) {
      if (state == JobHostState.RUNNING || state == JobHostState.INDEXING) {
        listeners.put(application, this);
      } else if (state != JobHostState.STARTING) {
        listeners.remove(application, this);
      }
    }

    @Override
    public void onApplicationChanged(TriggerApplication changed) {}

    @Override
    public CompletionStage<Void> stop() {
      stopping = true;
      endIfIdle();
      return stopped;
    }

    private void endIfIdle() {
      if (stopping && running == 0) {
        stopped.complete(null);
      }
    }
  }
}
