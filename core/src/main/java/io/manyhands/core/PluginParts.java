/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core;

import io.manyhands.core.metrics.Metrics;
import io.manyhands.core.placement.NamedProvisioner;
import io.manyhands.core.plugin.PluginCatalog;
import io.manyhands.core.routing.PowerOfTwoLoadBalancerFactory;
import io.manyhands.core.scaling.Autoscaler;
import io.manyhands.core.scaling.ScalingPolicies;
import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.policy.LoadBalancer;
import io.manyhands.spi.policy.LoadBalancerFactory;
import io.manyhands.spi.store.ScheduleStore;
import io.manyhands.spi.transport.WorkerTransport;
import io.manyhands.spi.trigger.Trigger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes what the builder names out of the plug-ins' factories. Used once, by one thread. */
final class PluginParts {
  private final ManyhandsRuntime.Builder builder;
  private final PluginCatalog catalog;
  private final RuntimeAssembly.Base base;
  private final Metrics metrics;
  private @Nullable ScheduleStore scheduleStore;

  PluginParts(
      ManyhandsRuntime.Builder builder,
      PluginCatalog catalog,
      RuntimeAssembly.Base base,
      Metrics metrics) {
    this.builder = builder;
    this.catalog = catalog;
    this.base = base;
    this.metrics = metrics;
  }

  List<EmbeddedRuntime.Named<WorkerTransport>> transports() {
    List<EmbeddedRuntime.Named<WorkerTransport>> transports = new ArrayList<>();
    builder.transports.forEach(
        (name, config) ->
            transports.add(
                new EmbeddedRuntime.Named<>(
                    name,
                    catalog
                        .transport(name)
                        .create(config("transport", name, config), context("transport", name)))));
    return transports;
  }

  List<NamedProvisioner> provisioners() {
    List<NamedProvisioner> provisioners = new ArrayList<>();
    builder.provisioners.forEach(
        (name, config) ->
            provisioners.add(
                new NamedProvisioner(
                    name,
                    catalog
                        .provisioner(name)
                        .create(
                            config("provisioner", name, config), context("provisioner", name)))));
    return provisioners;
  }

  /** All that were found; those that are not configured take their defaults. */
  List<EmbeddedRuntime.Named<Trigger>> triggers() {
    if (builder.scheduleStore != null) {
      // A choice that cannot be had is refused, whether or not a trigger asks for it.
      scheduleStore();
    }
    builder.triggers.keySet().forEach(catalog::trigger);
    List<EmbeddedRuntime.Named<Trigger>> triggers = new ArrayList<>();
    catalog
        .triggers()
        .forEach(
            factory -> {
              String name = factory.name();
              Map<String, String> config = builder.triggers.getOrDefault(name, Map.of());
              triggers.add(
                  new EmbeddedRuntime.Named<>(
                      name,
                      factory.create(config("trigger", name, config), context("trigger", name))));
            });
    return triggers;
  }

  LoadBalancer loadBalancer() {
    Map.Entry<String, Map<String, String>> chosen = builder.namedBalancer;
    String name = chosen == null ? PowerOfTwoLoadBalancerFactory.NAME : chosen.getKey();
    return catalog
        .loadBalancer(name)
        .create(
            config("load balancer", name, chosen == null ? Map.of() : chosen.getValue()),
            context("load balancer", name));
  }

  /** What the plug-ins offer, and what needs none. */
  static PluginCatalog catalog(ManyhandsRuntime.Builder builder) {
    List<ManyhandsPlugin> plugins = new ArrayList<>(builder.plugins);
    plugins.add(new OwnParts());
    plugins.add(new ScalingPolicies());
    return PluginCatalog.of(plugins, builder.discover);
  }

  private static final class OwnParts implements ManyhandsPlugin {
    @Override
    public int spiLevel() {
      return SpiLevel.CURRENT;
    }

    @Override
    public List<LoadBalancerFactory> loadBalancers() {
      return List.of(new PowerOfTwoLoadBalancerFactory());
    }
  }

  /** How the Runtime scales. */
  Autoscaler.Policies policies() {
    return new Autoscaler.Policies(
        catalog
            .scalePolicy(builder.scalePolicy.getKey())
            .create(
                config("scale policy", builder.scalePolicy),
                context("scale policy", builder.scalePolicy.getKey())),
        catalog
            .keepAlivePolicy(builder.keepAlivePolicy.getKey())
            .create(
                config("keep-alive policy", builder.keepAlivePolicy),
                context("keep-alive policy", builder.keepAlivePolicy.getKey())),
        catalog
            .poolPolicy(builder.poolPolicy.getKey())
            .create(
                config("pool policy", builder.poolPolicy),
                context("pool policy", builder.poolPolicy.getKey())));
  }

  private static PluginConfig config(String kind, Map.Entry<String, Map<String, String>> chosen) {
    return config(kind, chosen.getKey(), chosen.getValue());
  }

  private ScheduleStore scheduleStore() {
    ScheduleStore known = scheduleStore;
    if (known != null) {
      return known;
    }
    Map.Entry<String, Map<String, String>> chosen = builder.scheduleStore;
    String name =
        chosen != null
            ? chosen.getKey()
            : builder.options.stateDirectory().isPresent() ? "file" : "memory";
    ScheduleStore made =
        catalog
            .scheduleStore(name)
            .create(
                config("schedule store", name, chosen == null ? Map.of() : chosen.getValue()),
                context("schedule store", name));
    scheduleStore = made;
    base.owned().add(made);
    return made;
  }

  /** The Runtime's own; exists. */
  Path stateDirectory() {
    return context("Runtime", builder.options.runtimeId()).stateDirectory();
  }

  private static PluginConfig config(String kind, String name, Map<String, String> config) {
    return new PluginConfig(kind + " " + name, config);
  }

  private PluginContext context(String kind, String name) {
    return new RuntimeContext(
        kind + " " + name,
        builder.options,
        base.time(),
        base.blocking(),
        metrics,
        this::scheduleStore);
  }
}
