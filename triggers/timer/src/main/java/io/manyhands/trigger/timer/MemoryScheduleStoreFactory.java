/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.store.ScheduleStore;
import io.manyhands.spi.store.ScheduleStoreFactory;

/** Makes the store that forgets when the Runtime ends. It has no options. */
final class MemoryScheduleStoreFactory implements ScheduleStoreFactory {
  @Override
  public String name() {
    return "memory";
  }

  @Override
  public ScheduleStore create(PluginConfig config, PluginContext context) {
    config.finish();
    return new MemoryScheduleStore();
  }
}
