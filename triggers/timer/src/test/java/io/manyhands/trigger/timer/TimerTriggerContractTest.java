/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.testkit.FakePluginContext;
import io.manyhands.testkit.VirtualTime;
import io.manyhands.testkit.contract.TriggerBehaviour;
import io.manyhands.testkit.contract.TriggerContract;
import io.manyhands.testkit.contract.TriggerHarness;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Timers that are due every hour; its passing is their event. */
final class TimerTriggerContractTest extends TriggerContract {
  @Override
  protected TriggerHarness createHarness() {
    return new Hours();
  }

  private static final class Hours implements TriggerHarness {
    private final VirtualTime time = new VirtualTime(1);
    private final FakePluginContext context =
        FakePluginContext.of(time).withScheduleStore(new MemoryScheduleStore());

    @Override
    public Set<TriggerBehaviour> behaviours() {
      return Set.of();
    }

    @Override
    public Trigger create() {
      return new TimerTriggerFactory().create(new PluginConfig("trigger timer", Map.of()), context);
    }

    @Override
    public FunctionDefinition function(String name) {
      return TimerFixture.function(name, Map.of("schedule", "0 0 * * * *"));
    }

    @Override
    public FunctionDefinition unsound(String name) {
      return TimerFixture.function(name, Map.of("schedule", "now and then"));
    }

    @Override
    public void fire(ApplicationId application, String function) {
      time.advance(Duration.ofHours(1));
    }

    @Override
    public void progress() {
      time.runUntilIdle();
    }

    @Override
    public boolean settled() {
      return true;
    }

    @Override
    public void close() {}
  }
}
