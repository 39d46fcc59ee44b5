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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A transport without a network: workers in the same process dial in by {@link #connect}. Messages
 * of one direction are delivered in order, one at a time, on the executor that it was made with.
 * Thread-safe.
 */
public final class InProcessNetwork implements WorkerTransport {
  private final Executor executor;
  private final AtomicLong dialled = new AtomicLong();
  // By number: the order in which they are ended is always the same.
  private final ConcurrentNavigableMap<Long, InProcessConnection> open =
      new ConcurrentSkipListMap<>();
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

    /** Breaks the stream; what was sent before is heard before. */
    void abort(String reason);

    /** The path breaks at once: what is on its way is lost, in both directions. */
    void cut(String reason);

    /**
     * While not writable, the Runtime's calls are NOT_ACCEPTED and its control messages wait; the
     * worker's own messages go on.
     */
    void setWritable(boolean writable);
  }

  /**
   * The path of one stream: each message of a direction, and its end, is one task on that
   * direction's executor, handed over when the one before it has run. An executor that delays its
   * tasks is a slow path, one that holds them a path that is down and may come back.
   *
   * @param extended true where the worker speaks our own extension of the protocol
   */
  public record Line(Executor toWorker, Executor toRuntime, boolean extended) {}

  public InProcessNetwork(Executor executor) {
    this.executor = executor;
  }

  /**
   * Dials in as a stock worker does. Fails where the Runtime does not listen, or with what its
   * acceptor threw.
   */
  public WorkerEnd connect(WorkerSide side) {
    return connect(side, new Line(executor, executor, false));
  }

  /** The same with our own extension of the protocol. */
  public WorkerEnd connectExtended(WorkerSide side) {
    return connect(side, new Line(executor, executor, true));
  }

  /** The same over a path of its own. */
  public WorkerEnd connect(WorkerSide side, Line line) {
    WorkerConnection.Acceptor listening = acceptor;
    if (listening == null) {
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE, "in-process network: nobody listens");
    }
    long number = dialled.incrementAndGet();
    InProcessConnection connection = new InProcessConnection(line, side, () -> open.remove(number));
    open.put(number, connection);
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
    open.values().forEach(connection -> connection.abort("the Runtime crashed"));
  }

  /** Streams that have not ended. */
  public int openStreams() {
    return open.size();
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
    open.values().forEach(InProcessConnection::close);
    return CompletableFuture.completedFuture(null);
  }
}
