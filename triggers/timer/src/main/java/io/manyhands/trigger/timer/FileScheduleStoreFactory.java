/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.store.ScheduleStore;
import io.manyhands.spi.store.ScheduleStoreFactory;
import java.nio.file.Path;

/** Makes the store of files. Options: {@code directory} ({@code timers} in the state directory). */
final class FileScheduleStoreFactory implements ScheduleStoreFactory {
  @Override
  public String name() {
    return "file";
  }

  @Override
  public ScheduleStore create(PluginConfig config, PluginContext context) {
    Path directory =
        config.path("directory").orElseGet(() -> context.stateDirectory().resolve("timers"));
    config.finish();
    return new FileScheduleStore(directory);
  }
}
