/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.policy;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;

/** Makes a load balancer. Called once, when the Runtime is built. */
public interface LoadBalancerFactory {
  /** How it is chosen, such as {@code least-outstanding}. */
  String name();

  /** Reads the whole configuration, {@link PluginConfig#finish} included. */
  LoadBalancer create(PluginConfig config, PluginContext context);
}
