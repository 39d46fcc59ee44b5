/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.inprocess;

import io.manyhands.api.Endpoint;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.spi.transport.WorkerTransport;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A transport without a network: workers in the same process dial in by {@link #connect}. Messages
 * of one direction are delivered in order, one at a time, on the executor that it was made with.
 * Thread-safe.
 */
public final class InProcessNetwork implements WorkerTransport {
  private final Executor executor;
  private final Set<InProcessConnection> open = ConcurrentHashMap.newKeySet();
  private volatile WorkerConnection.@Nullable Acceptor acceptor;

  /** What a worker hears. */
  public interface WorkerSide {
    void onMessage(HostMessage message);

    /** The Runtime has ended the stream, or it broke. */
    void onEnd(String reason);
  }

  /** What a worker can do. Thread-safe. */
  public interface WorkerEnd {
    void send(WorkerMessage message);

    /** Ends the stream in order. */
    void complete();

    /** Breaks the stream. */
    void abort(String reason);

    /**
     * While not writable, the Runtime's calls are NOT_ACCEPTED and its control messages wait; the
     * worker's own messages go on.
     */
    void setWritable(boolean writable);
  }

  public InProcessNetwork(Executor executor) {
    this.executor = executor;
  }

  /**
   * Dials in as a stock worker does. Fails where the Runtime does not listen, or with what its
   * acceptor threw.
   */
  public WorkerEnd connect(WorkerSide side) {
    return connect(side, false);
  }

  /** The same with our own extension of the protocol. */
  public WorkerEnd connectExtended(WorkerSide side) {
    return connect(side, true);
  }

  private WorkerEnd connect(WorkerSide side, boolean extended) {
    WorkerConnection.Acceptor listening = acceptor;
    if (listening == null) {
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE, "in-process network: nobody listens");
    }
    InProcessConnection connection =
        new InProcessConnection(executor, side, extended, open::remove);
    open.add(connection);
    try {
      connection.open(listening.onConnection(connection));
    } catch (RuntimeException e) {
      connection.abort("the Runtime could not take the connection");
      throw e;
    }
    if (acceptor != listening) {
      connection.close();
    }
    return connection.workerEnd();
  }

  /** The Runtime is gone without a word: nobody listens, and every worker sees its stream break. */
  public void crash() {
    acceptor = null;
    open.forEach(connection -> connection.abort("the Runtime crashed"));
  }

  @Override
  public CompletionStage<Endpoint> start(WorkerConnection.Acceptor told) {
    acceptor = told;
    return CompletableFuture.completedFuture(
        new Endpoint("inprocess", URI.create("inprocess://runtime:1")));
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    acceptor = null;
    open.forEach(InProcessConnection::close);
    return CompletableFuture.completedFuture(null);
  }
}
