/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerFactory;

/**
 * Makes the timer trigger. It has no options; it remembers in the schedule store of the Runtime.
 */
final class TimerTriggerFactory implements TriggerFactory {
  @Override
  public String name() {
    return "timer";
  }

  @Override
  public Trigger create(PluginConfig config, PluginContext context) {
    config.finish();
    return new TimerTrigger(context);
  }
}
