/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.transport;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;

/** Makes a transport. */
public interface WorkerTransportFactory {
  /** How it is chosen, such as {@code grpc}. */
  String name();

  /** Reads the whole configuration, {@link PluginConfig#finish} included; opens nothing yet. */
  WorkerTransport create(PluginConfig config, PluginContext context);
}
