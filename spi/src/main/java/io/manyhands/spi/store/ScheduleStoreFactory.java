/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.store;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;

/** Makes a schedule store. */
public interface ScheduleStoreFactory {
  /** How it is configured, such as {@code file}. */
  String name();

  /** Reads the whole configuration, {@link PluginConfig#finish} included; opens nothing yet. */
  ScheduleStore create(PluginConfig config, PluginContext context);
}
