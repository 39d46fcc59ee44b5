/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.external;

import io.manyhands.testkit.contract.ProvisionerHarness;
import io.manyhands.testkit.contract.WorkerProvisionerContract;

final class ExternalProvisionerContractTest extends WorkerProvisionerContract {
  @Override
  protected ProvisionerHarness createHarness() {
    return new ExternalHarness();
  }
}
