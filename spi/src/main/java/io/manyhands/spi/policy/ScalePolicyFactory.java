/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.policy;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;

/** Makes a {@link ScalePolicy}. */
public interface ScalePolicyFactory {
  /** How it is configured, such as {@code concurrency}. */
  String name();

  /** Reads the whole configuration, {@link PluginConfig#finish} included. */
  ScalePolicy create(PluginConfig config, PluginContext context);
}
