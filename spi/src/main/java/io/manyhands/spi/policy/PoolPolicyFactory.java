/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.policy;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;

/** Makes a {@link PoolPolicy}. */
public interface PoolPolicyFactory {
  /** How it is configured, such as {@code adaptive}. */
  String name();

  /** Reads the whole configuration, {@link PluginConfig#finish} included. */
  PoolPolicy create(PluginConfig config, PluginContext context);
}
