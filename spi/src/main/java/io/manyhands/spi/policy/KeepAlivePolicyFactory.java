/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.policy;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;

/** Makes a {@link KeepAlivePolicy}. */
public interface KeepAlivePolicyFactory {
  /** How it is configured, such as {@code histogram}. */
  String name();

  /** Reads the whole configuration, {@link PluginConfig#finish} included. */
  KeepAlivePolicy create(PluginConfig config, PluginContext context);
}
