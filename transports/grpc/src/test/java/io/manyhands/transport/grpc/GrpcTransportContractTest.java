/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.manyhands.testkit.contract.TransportHarness;
import io.manyhands.testkit.contract.WorkerTransportContract;

final class GrpcTransportContractTest extends WorkerTransportContract {
  @Override
  protected TransportHarness createHarness() {
    return new GrpcHarness(false);
  }
}
