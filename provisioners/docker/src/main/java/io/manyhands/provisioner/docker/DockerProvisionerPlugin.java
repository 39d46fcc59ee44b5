/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.provision.WorkerProvisionerFactory;
import java.util.List;

/** Adds the provisioner {@code docker}. */
public final class DockerProvisionerPlugin implements ManyhandsPlugin {
  @Override
  public int spiLevel() {
    return SpiLevel.CURRENT;
  }

  @Override
  public List<WorkerProvisionerFactory> provisioners() {
    return List.of(new DockerProvisionerFactory());
  }
}
