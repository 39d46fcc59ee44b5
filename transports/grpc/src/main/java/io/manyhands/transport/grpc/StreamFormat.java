/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import java.io.IOException;

/** How the messages of a service look on its stream. Thread-safe. */
interface StreamFormat {
  /** True for our own extension of the protocol. */
  boolean extended();

  /** False for kinds that the Runtime may know and this service does not. */
  boolean supports(Class<? extends HostMessage> kind);

  WireMessage encode(HostMessage message);

  /**
   * Payloads stay views of the bytes.
   *
   * @throws IOException where they are no message of the service
   */
  WorkerMessage decode(byte[] bytes) throws IOException;
}
