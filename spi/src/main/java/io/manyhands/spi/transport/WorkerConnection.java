/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.transport;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** One stream of one worker. Thread-safe; no method blocks. */
public interface WorkerConnection {
  /**
   * Hands a message to the connection. NOT_ACCEPTED means that no byte of it will ever be sent;
   * ACCEPTED that it may have been. Messages that were accepted go out in the order of acceptance
   * of each calling thread.
   */
  SendResult send(HostMessage message);

  /**
   * True where the peer's protocol has that kind of message; one that it has not is UNSUPPORTED.
   */
  boolean supports(Class<? extends HostMessage> kind);

  /**
   * Ends the stream in order: the worker sees its end. What was accepted before is sent first.
   * Idempotent.
   */
  void close();

  /**
   * Breaks the stream at once; the reason goes to the peer where the protocol has a place for it.
   * Idempotent.
   */
  void abort(String reason);

  /** Who is at the other end. */
  PeerCredentials peer();

  /** What became of a message. */
  enum SendResult {
    ACCEPTED,
    /** Not writable: its outbox is full. Never sent. */
    NOT_ACCEPTED,
    /**
     * Larger than the connection carries, or of a kind that it does not have. Never sent, and never
     * will be.
     */
    UNSUPPORTED,
    /** The connection has ended. Never sent. */
    CLOSED
  }

  /**
   * What the transport knows of the peer.
   *
   * @param remote its address; empty in process
   * @param local our address of that connection; empty in process
   * @param extended true where it came by our own extension of the protocol
   * @param certificate the client certificate that it showed and the listener verified
   */
  record PeerCredentials(
      Optional<InetSocketAddress> remote,
      Optional<InetSocketAddress> local,
      boolean extended,
      Optional<X509Certificate> certificate) {
    /** Nothing known. */
    public static PeerCredentials none() {
      return new PeerCredentials(Optional.empty(), Optional.empty(), false, Optional.empty());
    }
  }

  /** Takes new connections. */
  @FunctionalInterface
  interface Acceptor {
    /**
     * A stream was opened; its messages go to the listener that is returned. On an I/O thread; must
     * not block. To refuse it, abort it. What is thrown breaks this stream alone.
     */
    Listener onConnection(WorkerConnection connection);
  }

  /**
   * Takes what a connection receives: one call at a time, in order, on an I/O thread; must not
   * block. What it throws breaks its own stream, no other; its end is told all the same.
   */
  interface Listener {
    /** A message. Its buffers belong to the receiver. */
    void onMessage(WorkerMessage message);

    /** The connection can take messages again after a NOT_ACCEPTED. */
    default void onWritable() {}

    /**
     * The stream has ended; nothing follows. Called exactly once.
     *
     * @param reason for people
     * @param orderly true where the worker completed it; false where the Runtime ended it or it
     *     broke
     */
    void onClosed(String reason, boolean orderly);
  }
}
