/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.transport;

import io.manyhands.api.Endpoint;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** A listener to which workers dial in. Started once, stopped once; thread-safe. */
public interface WorkerTransport {
  /**
   * Opens the listener. From then on the acceptor is called on the transport's I/O threads, which
   * it never blocks. Completes with where workers are to dial; fails with RESOURCE_UNAVAILABLE
   * naming host and port where the address cannot be had.
   */
  CompletionStage<Endpoint> start(WorkerConnection.Acceptor acceptor);

  /**
   * Closes the listener, ends every stream in order, then by force once the grace is over.
   * Completes when no thread and no socket is left.
   */
  CompletionStage<Void> stop(Duration grace);
}
