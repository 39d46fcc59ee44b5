/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.plugin;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.policy.KeepAlivePolicyFactory;
import io.manyhands.spi.policy.LoadBalancerFactory;
import io.manyhands.spi.policy.PoolPolicyFactory;
import io.manyhands.spi.policy.ScalePolicyFactory;
import io.manyhands.spi.provision.WorkerProvisionerFactory;
import io.manyhands.spi.store.ScheduleStoreFactory;
import io.manyhands.spi.transport.WorkerTransportFactory;
import io.manyhands.spi.trigger.TriggerFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;

/** The factories of all plug-ins, by kind and name. Immutable. */
public final class PluginCatalog {
  private final Map<String, WorkerTransportFactory> transports;
  private final Map<String, WorkerProvisionerFactory> provisioners;
  private final Map<String, TriggerFactory> triggers;
  private final Map<String, ScheduleStoreFactory> scheduleStores;
  private final Map<String, LoadBalancerFactory> loadBalancers;
  private final Map<String, ScalePolicyFactory> scalePolicies;
  private final Map<String, KeepAlivePolicyFactory> keepAlivePolicies;
  private final Map<String, PoolPolicyFactory> poolPolicies;

  private PluginCatalog(List<ManyhandsPlugin> plugins) {
    transports =
        byName(plugins, "transport", ManyhandsPlugin::transports, WorkerTransportFactory::name);
    provisioners =
        byName(
            plugins, "provisioner", ManyhandsPlugin::provisioners, WorkerProvisionerFactory::name);
    triggers = byName(plugins, "trigger", ManyhandsPlugin::triggers, TriggerFactory::name);
    scheduleStores =
        byName(
            plugins, "schedule store", ManyhandsPlugin::scheduleStores, ScheduleStoreFactory::name);
    loadBalancers =
        byName(plugins, "load balancer", ManyhandsPlugin::loadBalancers, LoadBalancerFactory::name);
    scalePolicies =
        byName(plugins, "scale policy", ManyhandsPlugin::scalePolicies, ScalePolicyFactory::name);
    keepAlivePolicies =
        byName(
            plugins,
            "keep-alive policy",
            ManyhandsPlugin::keepAlivePolicies,
            KeepAlivePolicyFactory::name);
    poolPolicies =
        byName(plugins, "pool policy", ManyhandsPlugin::poolPolicies, PoolPolicyFactory::name);
  }

  /**
   * Those that were given, and those that {@link ServiceLoader} finds unless that is switched off.
   */
  public static PluginCatalog of(List<ManyhandsPlugin> given, boolean discover) {
    List<ManyhandsPlugin> plugins = new ArrayList<>(given);
    if (discover) {
      try {
        for (ManyhandsPlugin found : ServiceLoader.load(ManyhandsPlugin.class)) {
          // One that was given and is found as well counts once: the given instance.
          if (given.stream().noneMatch(plugin -> plugin.getClass() == found.getClass())) {
            plugins.add(found);
          }
        }
      } catch (ServiceConfigurationError e) {
        throw new ManyhandsException(
            ErrorCode.INVALID_ARGUMENT, "a plug-in cannot be loaded: " + e.getMessage(), e);
      }
    }
    for (ManyhandsPlugin plugin : plugins) {
      if (plugin.spiLevel() != SpiLevel.CURRENT) {
        throw new ManyhandsException(
            ErrorCode.INVALID_ARGUMENT,
            "plug-in "
                + plugin.getClass().getName()
                + ": written for SPI level "
                + plugin.spiLevel()
                + " (expected: "
                + SpiLevel.CURRENT
                + ")");
      }
    }
    return new PluginCatalog(plugins);
  }

  public WorkerTransportFactory transport(String name) {
    return named("transport", transports, name);
  }

  public WorkerProvisionerFactory provisioner(String name) {
    return named("provisioner", provisioners, name);
  }

  public TriggerFactory trigger(String name) {
    return named("trigger", triggers, name);
  }

  public ScheduleStoreFactory scheduleStore(String name) {
    return named("schedule store", scheduleStores, name);
  }

  public LoadBalancerFactory loadBalancer(String name) {
    return named("load balancer", loadBalancers, name);
  }

  public ScalePolicyFactory scalePolicy(String name) {
    return named("scale policy", scalePolicies, name);
  }

  public KeepAlivePolicyFactory keepAlivePolicy(String name) {
    return named("keep-alive policy", keepAlivePolicies, name);
  }

  public PoolPolicyFactory poolPolicy(String name) {
    return named("pool policy", poolPolicies, name);
  }

  /** All kinds of trigger, by name. */
  public Collection<TriggerFactory> triggers() {
    return triggers.values();
  }

  private static <T> T named(String kind, Map<String, T> factories, String name) {
    T factory = factories.get(name);
    if (factory == null) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          kind
              + " \""
              + name
              + "\": no plug-in offers it (known: "
              + (factories.isEmpty() ? "none" : String.join(", ", factories.keySet()))
              + ")");
    }
    return factory;
  }

  private static <T> Map<String, T> byName(
      List<ManyhandsPlugin> plugins,
      String kind,
      Function<ManyhandsPlugin, List<T>> factories,
      Function<T, String> name) {
    Map<String, T> found = new TreeMap<>();
    for (ManyhandsPlugin plugin : plugins) {
      for (T factory : factories.apply(plugin)) {
        T other = found.put(name.apply(factory), factory);
        if (other != null) {
          throw new ManyhandsException(
              ErrorCode.INVALID_ARGUMENT,
              kind
                  + " \""
                  + name.apply(factory)
                  + "\": offered by "
                  + other.getClass().getName()
                  + " and by "
                  + factory.getClass().getName()
                  + " (expected: one)");
        }
      }
    }
    return found;
  }
}
