/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import io.manyhands.testkit.contract.ProvisionerBehaviour;
import io.manyhands.testkit.contract.ProvisionerHarness;
import io.manyhands.testkit.contract.WorkerProvisionerContract;
import java.io.IOException;
import java.util.EnumSet;

/** The contract, on the HTTP double. */
final class DockerProvisionerContractTest extends WorkerProvisionerContract {
  @Override
  protected ProvisionerHarness createHarness() throws IOException {
    return new DockerHarness(
        new DockerDouble(),
        EnumSet.complementOf(EnumSet.of(ProvisionerBehaviour.ANNOUNCES_WORKERS)),
        100);
  }
}
