/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.StreamingMessage;

/** Towards the host. Thread-safe. */
interface Outgoing {
  void send(StreamingMessage message);

  /** Ends the process with that code. */
  void end(int code, String reason);
}
