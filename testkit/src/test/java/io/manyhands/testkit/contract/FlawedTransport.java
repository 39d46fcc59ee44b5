/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import io.manyhands.api.Endpoint;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.spi.transport.WorkerTransport;
import io.manyhands.transport.inprocess.InProcessNetwork;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** An in-process transport with addresses, limits, and at most one mistake. */
final class FlawedTransport implements WorkerTransport {
  /** Lives as long as the latch, as a transport's thread that nobody ends. */
  static final String LEFT_THREAD = "flawed-transport-left";

  private final InProcessNetwork network;
  private final TransportFlaw flaw;
  private final int port;
  private final Map<Integer, FlawedTransport> addresses;
  private final CountDownLatch threadsEnd;
  private final Set<WorkerConnection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean deaf;

  FlawedTransport(
      Executor executor,
      TransportFlaw flaw,
      int port,
      Map<Integer, FlawedTransport> addresses,
      CountDownLatch threadsEnd) {
    this.network = new InProcessNetwork(executor);
    this.flaw = flaw;
    this.port = port;
    this.addresses = addresses;
    this.threadsEnd = threadsEnd;
  }

  int port() {
    return port;
  }

  InProcessNetwork network() {
    return network;
  }

  boolean has(TransportFlaw asked) {
    return flaw == asked;
  }

  @Override
  public CompletionStage<Endpoint> start(WorkerConnection.Acceptor acceptor) {
    if (addresses.putIfAbsent(port, this) != null && !has(TransportFlaw.SHARES_ITS_ADDRESS)) {
      String where = has(TransportFlaw.NAMES_NO_ADDRESS) ? "there" : "fake:" + port;
      return CompletableFuture.failedFuture(
          new ManyhandsException(ErrorCode.RESOURCE_UNAVAILABLE, "cannot listen on " + where));
    }
    if (has(TransportFlaw.LEAVES_A_THREAD)) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  threadsEnd.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              },
              LEFT_THREAD);
      thread.setDaemon(true);
      thread.start();
    }
    return network
        .start(connection -> accept(connection, acceptor))
        .thenApply(unused -> new Endpoint("inprocess", URI.create("inprocess://fake:" + port)));
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    if (!has(TransportFlaw.KEEPS_ITS_ADDRESS)) {
      addresses.remove(port, this);
    }
    if (has(TransportFlaw.STOP_FORGETS_STREAMS)) {
      deaf = true;
      return CompletableFuture.completedFuture(null);
    }
    if (has(TransportFlaw.LISTENS_AFTER_STOP)) {
      connections.forEach(WorkerConnection::close);
      return CompletableFuture.completedFuture(null);
    }
    return network.stop(grace);
  }

  private WorkerConnection.Listener accept(
      WorkerConnection connection, WorkerConnection.Acceptor acceptor) {
    if (deaf) {
      throw new IllegalStateException("planted");
    }
    connections.add(connection);
    try {
      return new Ear(acceptor.onConnection(new Mouth(connection)), connection);
    } catch (RuntimeException e) {
      deaf = has(TransportFlaw.ACCEPTOR_FAILURE_SPREADS);
      if (deaf) {
        connections.forEach(other -> other.abort("spread"));
      }
      throw e;
    }
  }

  /** What the Runtime sends through. */
  private final class Mouth implements WorkerConnection {
    private final WorkerConnection inner;
    private volatile boolean refusing;
    private int count;

    Mouth(WorkerConnection inner) {
      this.inner = inner;
    }

    @Override
    public SendResult send(HostMessage message) {
      if (!supports(message.getClass())) {
        if (has(TransportFlaw.THROWS_ON_UNKNOWN_KINDS)) {
          throw new UnsupportedOperationException("planted");
        }
        return SendResult.UNSUPPORTED;
      }
      boolean call = message instanceof HostMessage.InvocationRequest;
      if (call
          && body((HostMessage.InvocationRequest) message) > TransportHarness.MAXIMUM_MESSAGE_BYTES
          && !has(TransportFlaw.SENDS_WHAT_IS_TOO_LARGE)) {
        return SendResult.UNSUPPORTED;
      }
      if (call && has(TransportFlaw.LOSES_MESSAGES) && lose()) {
        return SendResult.ACCEPTED;
      }
      if (!call && refusing && has(TransportFlaw.KEEPS_NO_ROOM_FOR_CONTROL)) {
        return SendResult.NOT_ACCEPTED;
      }
      SendResult result = inner.send(has(TransportFlaw.MANGLES_BYTES) ? mangle(message) : message);
      if (call) {
        refusing = result == SendResult.NOT_ACCEPTED;
      }
      boolean lie =
          (result == SendResult.CLOSED && has(TransportFlaw.TAKES_MESSAGES_AFTER_THE_END))
              || (result == SendResult.NOT_ACCEPTED && has(TransportFlaw.HAS_NO_BOUND));
      return lie ? SendResult.ACCEPTED : result;
    }

    @Override
    public boolean supports(Class<? extends HostMessage> kind) {
      return kind != HostMessage.WarmupRequest.class && inner.supports(kind);
    }

    @Override
    public void close() {
      if (!has(TransportFlaw.CLOSE_DOES_NOTHING)) {
        inner.close();
      }
    }

    @Override
    public void abort(String reason) {
      inner.abort(reason);
    }

    @Override
    public PeerCredentials peer() {
      return inner.peer();
    }

    private synchronized boolean lose() {
      return ++count % 50 == 0;
    }
  }

  /** What the Runtime hears through. */
  private final class Ear implements WorkerConnection.Listener {
    private final WorkerConnection.Listener inner;
    private final WorkerConnection connection;
    private @Nullable WorkerMessage held;

    Ear(WorkerConnection.Listener inner, WorkerConnection connection) {
      this.inner = inner;
      this.connection = connection;
    }

    @Override
    public void onMessage(WorkerMessage message) {
      if (size(message) > TransportHarness.MAXIMUM_MESSAGE_BYTES
          && !has(TransportFlaw.HEARS_WHAT_IS_TOO_LARGE)) {
        connection.abort("too large");
      } else if (message instanceof WorkerMessage.Unknown
          && has(TransportFlaw.BREAKS_ON_UNKNOWN_MESSAGES)) {
        connection.abort("unknown");
      } else if (has(TransportFlaw.CALLS_BACK_AT_ONCE)) {
        new Thread(() -> inner.onMessage(message), "flawed-callback").start();
      } else if (has(TransportFlaw.SWAPS_MESSAGES)
          && held == null
          && message instanceof WorkerMessage.InvocationResponse) {
        held = message;
      } else {
        hear(message);
      }
    }

    private void hear(WorkerMessage message) {
      try {
        inner.onMessage(message);
        WorkerMessage late = held;
        if (late != null) {
          held = null;
          inner.onMessage(late);
        }
      } catch (RuntimeException e) {
        if (has(TransportFlaw.LISTENER_FAILURE_SPREADS)) {
          connections.forEach(other -> other.abort("spread"));
        }
        throw e;
      }
    }

    @Override
    public void onWritable() {
      if (!has(TransportFlaw.NEVER_TELLS_OF_ROOM)) {
        inner.onWritable();
      }
    }

    @Override
    public void onClosed(String reason, boolean orderly) {
      connections.remove(connection);
      if (has(TransportFlaw.BREAKS_WITHOUT_A_WORD) && !orderly) {
        return;
      }
      inner.onClosed(reason, orderly || has(TransportFlaw.CALLS_EVERY_END_ORDERLY));
      if (has(TransportFlaw.ENDS_TWICE)) {
        inner.onClosed(reason, orderly);
      }
      if (has(TransportFlaw.SPEAKS_AFTER_THE_END)) {
        inner.onMessage(new WorkerMessage.Heartbeat());
      }
    }
  }

  private static long body(HostMessage.InvocationRequest request) {
    return request.inputs().values().stream().mapToLong(Payload::size).sum();
  }

  private static long size(WorkerMessage message) {
    return message instanceof WorkerMessage.InvocationResponse response
        ? response.returnValue().size()
        : 0;
  }

  /** As if bytes were text. */
  private static HostMessage mangle(HostMessage message) {
    if (message instanceof HostMessage.InvocationRequest request
        && request.inputs().get("input") instanceof Payload.Binary body) {
      String text = StandardCharsets.UTF_8.decode(body.value().duplicate()).toString();
      return new HostMessage.InvocationRequest(
          request.invocationId(),
          request.functionId(),
          Map.of(
              "input", new Payload.Binary(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))),
          request.triggerMetadata(),
          request.trace());
    }
    return message;
  }
}
