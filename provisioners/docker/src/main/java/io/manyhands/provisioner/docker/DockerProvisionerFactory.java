/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.provision.WorkerProvisionerFactory;
import io.manyhands.support.platform.PlatformProvisioner;

/** Makes the provisioner of containers; {@link DockerOptions} has the options. */
final class DockerProvisionerFactory implements WorkerProvisionerFactory {
  @Override
  public String name() {
    return "docker";
  }

  @Override
  public WorkerProvisioner create(PluginConfig config, PluginContext context) {
    DockerOptions options = DockerOptions.read(config, context);
    DockerConnection connection = DockerConnection.of(options, context.time().clock());
    return new PlatformProvisioner(
        options.platform(), new DockerPlatform(options, connection), context);
  }
}
