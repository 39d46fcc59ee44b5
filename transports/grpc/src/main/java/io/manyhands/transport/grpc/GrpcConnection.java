/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of either service. Sends go through its outbox, as a gRPC call takes messages from one
 * thread at a time. Thread-safe.
 */
final class GrpcConnection implements WorkerConnection {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcConnection.class);

  /** How long a broken-off worker has to take the reason. */
  private static final Duration ABORT_GRACE = Duration.ofSeconds(1);

  private final ServerCall<WorkerMessage, WireMessage> call;
  private final StreamFormat format;
  private final GrpcOptions options;
  private final Context.@Nullable CancellableContext context = StreamContexts.current();
  private final ScheduledExecutorService ioThreads;
  private final Outbox outbox;
  private final PeerCredentials peer;

  /** The listener's calls. */
  private final Turns turns = new Turns();

  /** Why this side ends the stream, once it does. */
  private final AtomicReference<@Nullable String> ending = new AtomicReference<>();

  private final AtomicReference<@Nullable ScheduledFuture<?>> cutOff = new AtomicReference<>();

  /** The listener knows of the end; changed by its turns alone. */
  private volatile boolean ended;

  /** gRPC has nothing left of the stream. */
  private volatile boolean over;

  private volatile @Nullable Listener listener;

  /** In the context of the call that is being started. */
  GrpcConnection(
      ServerCall<WorkerMessage, WireMessage> call,
      StreamFormat format,
      GrpcOptions options,
      ScheduledExecutorService ioThreads) {
    this.call = call;
    this.format = format;
    this.options = options;
    this.ioThreads = ioThreads;
    this.outbox = new Outbox(call, options.limits().outboxBytes(), this::room);
    this.peer =
        new PeerCredentials(
            internet(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)),
            internet(call.getAttributes().get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR)),
            format.extended(),
            certificate(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION)));
  }

  /** Only where the listener asks for certificates does a session have one, and then it is good. */
  private static Optional<X509Certificate> certificate(@Nullable SSLSession session) {
    try {
      return session != null && session.getPeerCertificates()[0] instanceof X509Certificate shown
          ? Optional.of(shown)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  /** Answers the call's opening and presents the connection. */
  void open(Acceptor acceptor) {
    // The header must not say identity: the official Java worker dies of it. It says gzip, and
    // messages go uncompressed (docs/protocol.md, P-JAVA-1).
    call.setCompression("gzip");
    // Before anybody learns of the connection: nothing may be sent earlier, not even its end.
    call.sendHeaders(new Metadata());
    call.setMessageCompression(false);
    try {
      listener = acceptor.onConnection(this);
    } catch (RuntimeException e) {
      LOG.error("a new connection could not be taken; it is broken off", e);
      abort("the Runtime could not take the connection");
    }
    call.request(1);
  }

  ServerCall.Listener<WorkerMessage> calls(Runnable onOver) {
    return new Calls(onOver);
  }

  @Override
  public SendResult send(HostMessage message) {
    if (ended) {
      return SendResult.CLOSED;
    }
    if (!supports(message.getClass())) {
      return SendResult.UNSUPPORTED;
    }
    WireMessage encoded = format.encode(message);
    if (encoded.size() > options.limits().maximumOutboundMessageBytes()) {
      return SendResult.UNSUPPORTED;
    }
    return outbox.offer(encoded, !(message instanceof HostMessage.InvocationRequest));
  }

  @Override
  public boolean supports(Class<? extends HostMessage> kind) {
    return format.supports(kind);
  }

  @Override
  public void close() {
    if (ending.compareAndSet(null, "the Runtime closed the stream")) {
      outbox.close();
      cutOffAfter(options.timeouts().close());
    }
  }

  @Override
  public void abort(String reason) {
    ending.set(reason);
    outbox.abort(Status.ABORTED.withDescription(reason));
    cutOffAfter(ABORT_GRACE);
  }

  @Override
  public PeerCredentials peer() {
    return peer;
  }

  /** The end of a stream waits behind its data; one who does not read never hears of it. */
  private void cutOffAfter(Duration grace) {
    try {
      swapCutOff(ioThreads.schedule(this::reset, grace.toNanos(), TimeUnit.NANOSECONDS));
    } catch (RejectedExecutionException e) {
      // The transport has stopped, and with it every stream.
      return;
    }
    if (over) {
      swapCutOff(null);
    }
  }

  private void swapCutOff(@Nullable ScheduledFuture<?> next) {
    ScheduledFuture<?> former = cutOff.getAndSet(next);
    if (former != null) {
      former.cancel(false);
    }
  }

  private void reset() {
    Context.CancellableContext own = context;
    if (!over && own != null) {
      own.cancel(new TimeoutException("the worker does not take the end of its stream"));
    }
  }

  private void room() {
    try {
      ioThreads.execute(() -> tell(Listener::onWritable));
    } catch (RejectedExecutionException e) {
      LOG.debug("stopped while a refused sender waited for room", e);
    }
  }

  /** One call of the listener, in its turn. */
  private void tell(Consumer<Listener> news) {
    turns.run(
        () -> {
          Listener told = listener;
          if (told == null || ended) {
            return;
          }
          try {
            news.accept(told);
          } catch (RuntimeException e) {
            LOG.error("a connection's listener failed; its stream is broken off", e);
            abort("the Runtime failed on a message");
          }
        });
  }

  private void end(String reason, boolean orderly) {
    turns.run(
        () -> {
          if (ended) {
            return;
          }
          ended = true;
          outbox.discard();
          Listener told = listener;
          if (told != null) {
            String ours = ending.get();
            try {
              told.onClosed(ours == null ? reason : ours, ours == null && orderly);
            } catch (RuntimeException e) {
              LOG.error("a connection's listener failed on the end of its stream", e);
            }
          }
        });
  }

  private static Optional<InetSocketAddress> internet(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress internet ? Optional.of(internet) : Optional.empty();
  }

  /** What gRPC calls, on the event loop. */
  private final class Calls extends ServerCall.Listener<WorkerMessage> {
    private final Runnable onOver;

    Calls(Runnable onOver) {
      this.onOver = onOver;
    }

    @Override
    public void onMessage(WorkerMessage message) {
      tell(told -> told.onMessage(message));
      call.request(1);
    }

    @Override
    public void onHalfClose() {
      outbox.close();
      end("the worker completed its stream", true);
      cutOffAfter(options.timeouts().close());
    }

    @Override
    public void onCancel() {
      over();
      end("the connection broke", false);
    }

    @Override
    public void onComplete() {
      over();
      // Without a word from either side: gRPC itself gave up, as on bytes that are no message.
      end("the stream failed", false);
    }

    @Override
    public void onReady() {
      outbox.drain();
    }

    private void over() {
      over = true;
      swapCutOff(null);
      if (context != null) {
        context.cancel(null);
      }
      onOver.run();
    }
  }
}
