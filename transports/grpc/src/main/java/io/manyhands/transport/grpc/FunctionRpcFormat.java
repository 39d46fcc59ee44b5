/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import java.io.IOException;

/** The public protocol as it is. */
final class FunctionRpcFormat implements StreamFormat {
  @Override
  public boolean extended() {
    return false;
  }

  @Override
  public boolean supports(Class<? extends HostMessage> kind) {
    return HostMessageEncoder.supports(kind);
  }

  @Override
  public WireMessage encode(HostMessage message) {
    return message instanceof HostMessage.InvocationRequest request
        ? InvocationWriter.write(request)
        : WireMessage.of(HostMessageEncoder.encode(message));
  }

  @Override
  public WorkerMessage decode(byte[] bytes) throws IOException {
    return WorkerMessageDecoder.decode(bytes, 0, bytes.length);
  }
}
