/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.inprocess;

import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.transport.WorkerTransport;
import io.manyhands.spi.transport.WorkerTransportFactory;
import java.util.List;

/**
 * Offers a given network as transport {@code inprocess}; given to the builder, never discovered, as
 * whoever dials in needs the same network.
 */
public final class InProcessTransportPlugin implements ManyhandsPlugin {
  private final InProcessNetwork network;

  public InProcessTransportPlugin(InProcessNetwork network) {
    this.network = network;
  }

  @Override
  public int spiLevel() {
    return SpiLevel.CURRENT;
  }

  @Override
  public List<WorkerTransportFactory> transports() {
    return List.of(new Factory());
  }

  private final class Factory implements WorkerTransportFactory {
    @Override
    public String name() {
      return "inprocess";
    }

    @Override
    public WorkerTransport create(PluginConfig config, PluginContext context) {
      config.finish();
      return network;
    }
  }
}
