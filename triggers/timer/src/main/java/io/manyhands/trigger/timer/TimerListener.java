/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.JobHostState;
import io.manyhands.spi.trigger.InvocationSink;
import io.manyhands.spi.trigger.TriggerApplication;
import io.manyhands.spi.trigger.TriggerListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One application's timers. Calls come one at a time. */
final class TimerListener implements TriggerListener {
  private final InvocationSink sink;
  private final TimerWorld world;
  private TriggerApplication application;
  private List<TimerLoop> loops = List.of();

  TimerListener(TriggerApplication application, InvocationSink sink, TimerWorld world) {
    this.application = application;
    this.sink = sink;
    this.world = world;
  }

  @Override
  public Map<String, String> prepare(List<FunctionDefinition> functions) {
    Map<String, String> problems = new TreeMap<>();
    List<TimerLoop> prepared = new ArrayList<>();
    for (FunctionDefinition function : functions) {
      try {
        TimerLoop.Plan plan = new TimerBinding(application, function).plan();
        prepared.add(new TimerLoop(plan, sink, world));
      } catch (IllegalArgumentException e) {
        problems.put(function.name(), TimerBinding.described(function) + ": " + e.getMessage());
      }
    }
    loops = List.copyOf(prepared);
    return problems;
  }

  @Override
  public void onState(JobHostState state) {
    if (state == JobHostState.RUNNING) {
      loops.forEach(TimerLoop::begin);
    } else if (state == JobHostState.DRAINING
        || state == JobHostState.STOPPED
        || state == JobHostState.FAILED) {
      loops.forEach(TimerLoop::end);
    }
  }

  @Override
  public void onApplicationChanged(TriggerApplication changed) {
    application = changed;
  }

  @Override
  public CompletionStage<Void> stop() {
    return CompletableFuture.allOf(
        loops.stream().map(TimerLoop::end).toArray(CompletableFuture[]::new));
  }
}
