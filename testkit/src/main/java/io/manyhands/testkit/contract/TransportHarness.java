/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import io.manyhands.api.Endpoint;
import io.manyhands.spi.transport.WorkerTransport;
import java.util.Set;

/**
 * What {@link WorkerTransportContract} needs of a transport's author: transports to try, and
 * workers that dial in with the protocol's real client. One is made for each test.
 */
public interface TransportHarness extends AutoCloseable {
  /** What transports must be limited to, in both directions, under LIMITS_MESSAGES. */
  int MAXIMUM_MESSAGE_BYTES = 4 << 20;

  /**
   * What a transport may hold for one worker that does not read, in bytes or 1-KiB messages, is to
   * be less than this.
   */
  int MAXIMUM_WAITING_BYTES = 64 << 20;

  /** What the transport does. */
  Set<TransportBehaviour> behaviours();

  /** What {@link TransportPeer#inject} can do. */
  Set<TransportFault> faults();

  /**
   * A new transport, not started, at an address that nobody has. A worker that does not take the
   * end of its stream should be cut off after a second or two.
   */
  WorkerTransport create();

  /**
   * A new transport, not started, at the address of an endpoint. Asked for only under
   * OCCUPIES_AN_ADDRESS.
   */
  default WorkerTransport createAt(Endpoint endpoint) {
    throw new UnsupportedOperationException("this harness knows no addresses");
  }

  /**
   * A worker that dials one of the transports made here and opens its stream, without a message
   * yet. Where nobody listens, its recording tells of the end.
   */
  TransportPeer dial(WorkerTransport transport, Endpoint endpoint);

  /** How many threads of the transports made here are alive, asked of the JVM. */
  int threads();

  /** Ends every worker and removes everything. */
  @Override
  void close();
}
