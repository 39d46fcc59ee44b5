/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.policy.LoadBalancer;
import io.manyhands.spi.policy.LoadBalancerFactory;

/** The balancer that is taken where none is chosen. */
public final class PowerOfTwoLoadBalancerFactory implements LoadBalancerFactory {
  public static final String NAME = "least-outstanding";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public LoadBalancer create(PluginConfig config, PluginContext context) {
    config.finish();
    return new PowerOfTwoLoadBalancer();
  }
}
