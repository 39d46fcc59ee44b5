/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

/**
 * What can befall the path between a worker and the Runtime. A fault without a meaning for a
 * transport is refused by {@link TransportPeer#inject} with an UnsupportedOperationException that
 * names it, and the stream goes on.
 */
public enum TransportFault {
  /** The connection breaks under the stream, as by a TCP reset. */
  CUT,
  /** The worker's side of the connection ends without a word about the stream. */
  HALF_CLOSE,
  /** What the Runtime sends does not arrive any more; what the worker sends does. */
  STALL,
  /** Everything arrives late. */
  DELAY,
  /** Both sides are told that the other opens no more streams. */
  GO_AWAY
}
