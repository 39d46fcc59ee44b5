/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;

/** A worker's end of a stream, as a harness provides it. Used by one thread at a time. */
public interface TransportPeer {
  /**
   * Says something: StartStream, WorkerStatusResponse, Heartbeat, or InvocationResponse with a
   * binary return value.
   */
  void send(WorkerMessage message);

  /**
   * Says two things of a protocol newer than the transport: first a StartStream of worker {@code
   * newer} with something in it that the transport cannot know, then a message of a kind that it
   * cannot know.
   */
  void sendUnknown();

  /** Ends the stream in order. */
  void complete();

  /** Breaks the stream, on the protocol's own terms. */
  void abort();

  /**
   * Plants a fault, lasting until {@link #heal} where it can end.
   *
   * @throws UnsupportedOperationException naming the fault, where it has no meaning here
   */
  void inject(TransportFault fault);

  /** Ends STALL and DELAY; what was held back goes on its way. */
  void heal();

  /** What the Runtime said; of a FunctionLoadRequest's definition, the name is enough. */
  StreamRecording<HostMessage> incoming();
}
