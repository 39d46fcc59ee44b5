/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.scaling;

import io.manyhands.api.RuntimeOptions;
import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.policy.KeepAlivePolicy;
import io.manyhands.spi.policy.KeepAlivePolicyFactory;
import io.manyhands.spi.policy.PoolPolicy;
import io.manyhands.spi.policy.PoolPolicyFactory;
import io.manyhands.spi.policy.ScalePolicy;
import io.manyhands.spi.policy.ScalePolicyFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The policies that every Runtime knows. */
public final class ScalingPolicies implements ManyhandsPlugin {
  /** Names of those that are used where nothing is said. */
  public static final String SCALE = "concurrency";

  public static final String KEEP_ALIVE = "fixed";
  public static final String POOL = "fixed";

  @Override
  public int spiLevel() {
    return SpiLevel.CURRENT;
  }

  @Override
  public List<ScalePolicyFactory> scalePolicies() {
    return List.of(
        new Scale(
            SCALE,
            config -> new ConcurrencyScalePolicy(ConcurrencyScalePolicy.Settings.from(config))));
  }

  @Override
  public List<KeepAlivePolicyFactory> keepAlivePolicies() {
    return List.of(
        new Keep(KEEP_ALIVE, ScalingPolicies::fixedKeepAlive),
        new Keep("histogram", ScalingPolicies::histogramKeepAlive));
  }

  @Override
  public List<PoolPolicyFactory> poolPolicies() {
    return List.of(
        new Pool(POOL, ScalingPolicies::fixedPool),
        new Pool(
            "adaptive",
            config -> new AdaptivePoolPolicy(AdaptivePoolPolicy.Settings.from(config))));
  }

  private static KeepAlivePolicy fixedKeepAlive(PluginConfig config, RuntimeOptions options) {
    KeepAlivePolicy policy =
        new FixedKeepAlivePolicy(config.duration("keep", options.idleTimeout()));
    config.finish();
    return policy;
  }

  private static KeepAlivePolicy histogramKeepAlive(PluginConfig config, RuntimeOptions options) {
    Duration fallback = config.duration("fallback", options.idleTimeout());
    HistogramKeepAlivePolicy.Settings settings = HistogramKeepAlivePolicy.Settings.from(config);
    config.finish();
    return new HistogramKeepAlivePolicy(settings, fallback);
  }

  private static PoolPolicy fixedPool(PluginConfig config) {
    config.finish();
    return () -> demand -> new PoolPolicy.Size(demand.configured(), "as configured");
  }

  private record Scale(String name, Function<PluginConfig, ScalePolicy> maker)
      implements ScalePolicyFactory {
    @Override
    public ScalePolicy create(PluginConfig config, PluginContext context) {
      return maker.apply(config);
    }
  }

  private record Keep(String name, BiFunction<PluginConfig, RuntimeOptions, KeepAlivePolicy> maker)
      implements KeepAlivePolicyFactory {
    @Override
    public KeepAlivePolicy create(PluginConfig config, PluginContext context) {
      return maker.apply(config, context.options());
    }
  }

  private record Pool(String name, Function<PluginConfig, PoolPolicy> maker)
      implements PoolPolicyFactory {
    @Override
    public PoolPolicy create(PluginConfig config, PluginContext context) {
      return maker.apply(config);
    }
  }
}
