/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import com.google.protobuf.Message;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;

/**
 * How the messages of a service look.
 *
 * @param <I> what a worker sends
 * @param <O> what the Runtime sends
 */
interface StreamFormat<I extends Message, O extends Message> {
  /** True for our own extension of the protocol. */
  boolean extended();

  /** False for kinds that the Runtime may know and this service does not. */
  boolean supports(Class<? extends HostMessage> kind);

  O encode(HostMessage message);

  WorkerMessage decode(I message);
}
