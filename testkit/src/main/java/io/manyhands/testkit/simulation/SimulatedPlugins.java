/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.provision.WorkerProvisionerFactory;
import io.manyhands.spi.store.PlaceholderStore;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.transport.WorkerTransport;
import io.manyhands.spi.transport.WorkerTransportFactory;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** Wires a Runtime to the simulated world: its transport, its platform, its trigger, its time. */
record SimulatedPlugins(WorkerTransport transport, WorkerProvisioner platform, Trigger trigger)
    implements ManyhandsPlugin {
  private static final String NAME = "simulated";

  /** What else lies in the state directory: the key of its tokens, and who is nobody's. */
  record Kept(String key, PlaceholderStore placeholders) {}

  /**
   * @param executor runs everything
   * @param kept what outlives a start of it
   * @param declared before it listens
   */
  FunctionRuntime runtime(
      RuntimeOptions options,
      TimeSeams seams,
      Executor executor,
      Kept kept,
      List<ApplicationDefinition> declared) {
    ManyhandsRuntime.Builder builder =
        ManyhandsRuntime.builder()
            .options(options)
            .discoverPlugins(false)
            .plugin(this)
            .transport(NAME, Map.of())
            .provisioner(NAME, Map.of())
            .secrets(purpose -> (purpose + kept.key).getBytes(StandardCharsets.UTF_8))
            .placeholderStore(kept.placeholders)
            .time(seams)
            .executor(executor);
    declared.forEach(builder::application);
    return builder.build();
  }

  @Override
  public int spiLevel() {
    return SpiLevel.CURRENT;
  }

  @Override
  public List<WorkerTransportFactory> transports() {
    return List.of(
        new WorkerTransportFactory() {
          @Override
          public String name() {
            return NAME;
          }

          @Override
          public WorkerTransport create(PluginConfig config, PluginContext context) {
            config.finish();
            return transport;
          }
        });
  }

  @Override
  public List<WorkerProvisionerFactory> provisioners() {
    return List.of(
        new WorkerProvisionerFactory() {
          @Override
          public String name() {
            return NAME;
          }

          @Override
          public WorkerProvisioner create(PluginConfig config, PluginContext context) {
            config.finish();
            return platform;
          }
        });
  }

  @Override
  public List<TriggerFactory> triggers() {
    return List.of(
        new TriggerFactory() {
          @Override
          public String name() {
            return NAME;
          }

          @Override
          public Trigger create(PluginConfig config, PluginContext context) {
            config.finish();
            return trigger;
          }
        });
  }
}
