/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.Endpoint;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.spi.transport.WorkerTransport;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Watches every stream at the end of one start of the Runtime: what it sends and what it hears, by
 * the id that the stream presented.
 */
final class TappedTransport implements WorkerTransport {
  /** More refusals than that at one time are a loop. */
  private static final int SPINNING = 20_000;

  private final WorkerTransport transport;
  private final Tap tap;
  private final World world;
  private final TokenLedger tokens;
  private boolean over;

  /** The stream that is each worker's. */
  private final Map<String, Wire> current = new HashMap<>();

  /** Is told what goes over the Runtime's ends. */
  interface Tap {
    /** True where the connection is to refuse the request as larger than it carries. */
    boolean refusesAsOversized(HostMessage.InvocationRequest request);

    void onAccepted(String worker, HostMessage message);

    /** The connection of that worker takes no calls for now, or does again. */
    void onWritable(String worker, boolean writable);

    /** Said on the stream that is the worker's. */
    void onHeard(String worker, WorkerMessage message);

    /** A stream that presented a token is the worker's from now on. */
    void onResumed(String worker, WorkerMessage.LinkResume resume);
  }

  TappedTransport(WorkerTransport transport, Tap tap, World world, TokenLedger tokens) {
    this.transport = transport;
    this.tap = tap;
    this.world = world;
    this.tokens = tokens;
  }

  /** The Runtime is killed: it hears nothing and says nothing any more. */
  void end() {
    over = true;
  }

  @Override
  public CompletionStage<Endpoint> start(WorkerConnection.Acceptor acceptor) {
    return transport.start(
        connection -> {
          Wire wire = new Wire(connection);
          return wire.listener(acceptor.onConnection(wire));
        });
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    return transport.stop(grace);
  }

  private final class Wire implements WorkerConnection {
    private final WorkerConnection connection;
    private String worker = "";
    private long refusedAtNanos;
    private int refusals;
    private Optional<WorkerMessage.LinkResume> resume = Optional.empty();
    private boolean presentsReplaced;
    private long epoch;

    Wire(WorkerConnection connection) {
      this.connection = connection;
    }

    @Override
    public SendResult send(HostMessage message) {
      if (over) {
        return SendResult.ACCEPTED;
      }
      if (message instanceof HostMessage.InvocationRequest request
          && tap.refusesAsOversized(request)) {
        return SendResult.UNSUPPORTED;
      }
      SendResult result = connection.send(message);
      if (result == SendResult.ACCEPTED) {
        onAccepted(message);
      } else if (result != SendResult.UNSUPPORTED) {
        onWritable(false);
        refused();
      }
      return result;
    }

    private void onAccepted(HostMessage message) {
      if (message instanceof HostMessage.LinkWelcome welcome) {
        epoch = welcome.epoch();
        tokens.issued(welcome.resumeToken(), epoch);
        world
            .verdict()
            .expect(
                !presentsReplaced,
                Invariant.STALE_TOKEN_REFUSED,
                "worker " + worker + " is welcomed on a token that it is known to have replaced");
        current.put(worker, this);
        resume.ifPresent(said -> tap.onResumed(worker, said));
        onWritable(true);
      } else if (message instanceof HostMessage.LinkCredential credential) {
        tokens.issued(credential.resumeToken(), epoch);
      }
      tap.onAccepted(worker, message);
    }

    private boolean isCurrent() {
      return current.get(worker) == this;
    }

    private void onWritable(boolean writable) {
      if (isCurrent()) {
        tap.onWritable(worker, writable);
      }
    }

    private void onHeard(WorkerMessage message) {
      if (worker.isEmpty() && message instanceof WorkerMessage.StartStream start) {
        worker = start.workerId();
        current.putIfAbsent(worker, this);
      } else if (worker.isEmpty() && message instanceof WorkerMessage.LinkHello hello) {
        worker = hello.workerId();
        resume = hello.resume();
        presentsReplaced =
            resume.filter(said -> tokens.isReplaced(worker, said.token())).isPresent();
      }
      if (isCurrent()) {
        if (message instanceof WorkerMessage.LinkConfirmation confirmation
            && confirmation.epoch() == epoch) {
          tokens.confirmed(worker, epoch);
        }
        tap.onHeard(worker, message);
      }
    }

    private void refused() {
      long now = world.time().nanos();
      refusals = now == refusedAtNanos ? refusals + 1 : 0;
      refusedAtNanos = now;
      if (refusals > SPINNING) {
        String what = "worker " + worker + " takes nothing and is tried again and again";
        world.verdict().broken(Invariant.NO_LIVELOCK, what);
        throw new Spinning(what);
      }
    }

    @Override
    public boolean supports(Class<? extends HostMessage> kind) {
      return connection.supports(kind);
    }

    @Override
    public void close() {
      connection.close();
    }

    @Override
    public void abort(String reason) {
      connection.abort(reason);
    }

    @Override
    public PeerCredentials peer() {
      return connection.peer();
    }

    Listener listener(Listener listener) {
      return new Listener() {
        @Override
        public void onMessage(WorkerMessage message) {
          if (!over) {
            onHeard(message);
            listener.onMessage(message);
          }
        }

        @Override
        public void onWritable() {
          if (!over) {
            Wire.this.onWritable(true);
            listener.onWritable();
          }
        }

        @Override
        public void onClosed(String reason, boolean orderly) {
          if (!over) {
            listener.onClosed(reason, orderly);
          }
        }
      };
    }
  }

  /** Ends a loop that nothing else would; no one is to catch it. */
  private static final class Spinning extends Error {
    private static final long serialVersionUID = 1;

    Spinning(String what) {
      super(what);
    }
  }
}
