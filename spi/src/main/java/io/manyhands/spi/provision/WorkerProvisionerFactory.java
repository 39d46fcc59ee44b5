/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.provision;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;

/** Makes a provisioner. */
public interface WorkerProvisionerFactory {
  /** How it is chosen, such as {@code local}. */
  String name();

  /** Reads the whole configuration, {@link PluginConfig#finish} included; starts nothing yet. */
  WorkerProvisioner create(PluginConfig config, PluginContext context);
}
