/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.StreamingMessage;

/** Towards the host. Thread-safe; never blocks. */
interface Outgoing {
  /** Answers always go; logs may be dropped where the host does not read. */
  void send(StreamingMessage message);

  /** Ends the worker with that exit code, once what was sent has gone out. */
  void end(int code, String reason);
}
