/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.reconnect;

import io.manyhands.api.Endpoint;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.JobHostState;
import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.trigger.InvocationSink;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerApplication;
import io.manyhands.spi.trigger.TriggerFactory;
import io.manyhands.spi.trigger.TriggerListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Stands in for a trigger where calls come through the Router alone: it never fires. */
final class SilentTriggerPlugin implements ManyhandsPlugin {
  static final String NAME = "silent";

  @Override
  public int spiLevel() {
    return SpiLevel.CURRENT;
  }

  @Override
  public List<TriggerFactory> triggers() {
    return List.of(
        new TriggerFactory() {
          @Override
          public String name() {
            return NAME;
          }

          @Override
          public Trigger create(PluginConfig config, PluginContext context) {
            config.finish();
            return new Silent();
          }
        });
  }

  private static final class Silent implements Trigger, TriggerListener {
    @Override
    public Set<String> triggerTypes() {
      return Set.of("httpTrigger");
    }

    @Override
    public CompletionStage<List<Endpoint>> start() {
      return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public TriggerListener listen(TriggerApplication application, InvocationSink sink) {
      return this;
    }

    @Override
    public CompletionStage<Void> stop(Duration grace) {
      return stop();
    }

    @Override
    public Map<String, String> prepare(List<FunctionDefinition> functions) {
      return Map.of();
    }

    @Override
    public void onState(JobHostState state) {}

    @Override
    public void onApplicationChanged(TriggerApplication application) {}

    @Override
    public CompletionStage<Void> stop() {
      return CompletableFuture.completedFuture(null);
    }
  }
}
