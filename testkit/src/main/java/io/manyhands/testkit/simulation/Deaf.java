/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.spi.transport.HostMessage;

/** Somebody who does not listen to what a stream says. */
final class Deaf implements WorkerPath.Owner {
  @Override
  public void onMessage(WorkerPath path, HostMessage message) {}

  @Override
  public void onEnd(WorkerPath path, String reason) {}
}
