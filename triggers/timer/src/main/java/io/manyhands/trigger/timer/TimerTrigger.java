/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import io.manyhands.api.Endpoint;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.trigger.InvocationSink;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerApplication;
import io.manyhands.spi.trigger.TriggerListener;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Schedules of all applications. It has no thread of its own. */
final class TimerTrigger implements Trigger {
  private final TimerWorld world;

  TimerTrigger(PluginContext context) {
    this.world = new TimerWorld(context);
  }

  @Override
  public Set<String> triggerTypes() {
    return Set.of("timerTrigger");
  }

  @Override
  public CompletionStage<List<Endpoint>> start() {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public TriggerListener listen(TriggerApplication application, InvocationSink sink) {
    return new TimerListener(application, sink, world);
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    return CompletableFuture.completedFuture(null);
  }
}
