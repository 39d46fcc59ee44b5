/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.trigger;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;

/** Makes a trigger. */
public interface TriggerFactory {
  /** How it is configured, such as {@code http}. */
  String name();

  /** Reads the whole configuration, {@link PluginConfig#finish} included; opens nothing yet. */
  Trigger create(PluginConfig config, PluginContext context);
}
