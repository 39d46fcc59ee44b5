/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.external;

import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.provision.WorkerProvisionerFactory;
import java.util.List;

/**
 * Offers the provisioner {@code external}: workers that somebody else starts. Give the builder an
 * instance and keep it, because {@link #workers()} is where workers are announced; one instance
 * serves one Runtime.
 *
 * <p>Options: {@code stacks} (required), those that may be expected, separated by commas, each a
 * language or a language, a space and a version ({@code node, python 3.11}); {@code advertise}, the
 * {@code host:port} that workers dial, where it is not the transport's own endpoint; {@code
 * maxExpected}, how many workers there may be at once (default 10000).
 */
public final class ExternalProvisionerPlugin implements ManyhandsPlugin {
  private final ExternalWorkers workers = new ExternalWorkers();

  @Override
  public int spiLevel() {
    return SpiLevel.CURRENT;
  }

  @Override
  public List<WorkerProvisionerFactory> provisioners() {
    return List.of(new ExternalProvisionerFactory(workers));
  }

  /** Where workers are announced, once the Runtime has started. */
  public ExternalWorkers workers() {
    return workers;
  }
}
