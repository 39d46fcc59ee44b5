/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.inprocess;

import io.manyhands.api.Endpoint;
import io.manyhands.spi.transport.WorkerTransport;
import io.manyhands.testkit.contract.InProcessPeer;
import io.manyhands.testkit.contract.TransportBehaviour;
import io.manyhands.testkit.contract.TransportFault;
import io.manyhands.testkit.contract.TransportHarness;
import io.manyhands.testkit.contract.TransportPeer;
import io.manyhands.testkit.contract.WorkerTransportContract;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;

final class InProcessTransportContractTest extends WorkerTransportContract {
  @Override
  protected TransportHarness createHarness() {
    return new Harness();
  }

  private static final class Harness implements TransportHarness {
    private final ExecutorService executor = InProcessPeer.executor();

    @Override
    public Set<TransportBehaviour> behaviours() {
      return EnumSet.noneOf(TransportBehaviour.class);
    }

    @Override
    public Set<TransportFault> faults() {
      return InProcessPeer.FAULTS;
    }

    @Override
    public WorkerTransport create() {
      return new InProcessNetwork(executor);
    }

    @Override
    public TransportPeer dial(WorkerTransport transport, Endpoint endpoint) {
      return new InProcessPeer((InProcessNetwork) transport);
    }

    @Override
    public int threads() {
      // It has none; the executor's are this harness's own.
      return 0;
    }

    @Override
    public void close() {
      executor.shutdownNow();
    }
  }
}
