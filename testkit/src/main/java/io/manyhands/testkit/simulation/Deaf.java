/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.spi.transport.HostMessage;
import io.manyhands.transport.inprocess.InProcessNetwork;

/** The worker's side of a stream that nobody listens at. */
final class Deaf implements InProcessNetwork.WorkerSide {
  @Override
  public void onMessage(HostMessage message) {}

  @Override
  public void onEnd(String reason) {}
}
