/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.transport.grpc.protocol.StreamingMessage;

/** The public protocol as it is. */
final class FunctionRpcFormat implements StreamFormat<StreamingMessage, StreamingMessage> {
  @Override
  public boolean extended() {
    return false;
  }

  @Override
  public boolean supports(Class<? extends HostMessage> kind) {
    return HostMessageEncoder.supports(kind);
  }

  @Override
  public StreamingMessage encode(HostMessage message) {
    return HostMessageEncoder.encode(message);
  }

  @Override
  public WorkerMessage decode(StreamingMessage message) {
    return WorkerMessageDecoder.decode(message);
  }
}
