/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.provision.WorkerProvisionerFactory;
import io.manyhands.support.launch.LaunchException;
import io.manyhands.support.launch.WorkersDirectory;

/** Makes the provisioner of child processes; {@link LocalOptions} has the options. */
final class LocalProvisionerFactory implements WorkerProvisionerFactory {
  @Override
  public String name() {
    return "local";
  }

  @Override
  public WorkerProvisioner create(PluginConfig config, PluginContext context) {
    LocalOptions options = LocalOptions.read(config, context);
    try {
      WorkersDirectory found = WorkersDirectory.scan(options.workersDirectories());
      for (String language : options.dedicated()) {
        if (!found.workers().containsKey(language)) {
          throw config.invalid("dedicated", language, "languages of " + found.workers().keySet());
        }
      }
      return new LocalProvisioner(
          options, found, context.blockingExecutor(), context.time().scheduler());
    } catch (LaunchException e) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "provisioner local: option workersDirectory: " + e.getMessage(),
          e);
    }
  }
}
