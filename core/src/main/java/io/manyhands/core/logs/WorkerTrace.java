/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.logs;

import io.manyhands.api.worker.WorkerId;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker's messages as lines of the logger {@code io.manyhands.trace}, while it is switched on.
 * Thread-safe.
 */
public final class WorkerTrace {
  private static final Logger LOG = LoggerFactory.getLogger("io.manyhands.trace");

  private final WorkerId worker;
  private volatile boolean on;

  public WorkerTrace(WorkerId worker) {
    this.worker = worker;
  }

  public void enable(boolean value) {
    on = value;
  }

  public void sent(HostMessage message, WorkerConnection.SendResult result) {
    if (on) {
      LOG.info("worker {} <- {} {}", worker, MessageTrace.describe(message), result);
    }
  }

  public void received(WorkerMessage message) {
    if (on) {
      LOG.info("worker {} -> {}", worker, MessageTrace.describe(message));
    }
  }
}
