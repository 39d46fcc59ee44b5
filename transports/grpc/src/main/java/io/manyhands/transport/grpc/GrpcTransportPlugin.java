/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.transport.WorkerTransportFactory;
import java.util.List;

/** Offers the transport {@code grpc}. */
public final class GrpcTransportPlugin implements ManyhandsPlugin {
  @Override
  public int spiLevel() {
    return SpiLevel.CURRENT;
  }

  @Override
  public List<WorkerTransportFactory> transports() {
    return List.of(new GrpcTransportFactory());
  }
}
