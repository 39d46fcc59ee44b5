/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One EventStream. Sends go through its outbox, as a gRPC call takes messages from one thread at a
 * time. Thread-safe.
 */
final class GrpcConnection implements WorkerConnection {
  private final ServerCall<StreamingMessage, StreamingMessage> call;
  private final GrpcOptions options;
  private final Outbox outbox;
  private final PeerCredentials peer;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile @Nullable Listener listener;

  GrpcConnection(ServerCall<StreamingMessage, StreamingMessage> call, GrpcOptions options) {
    this.call = call;
    this.options = options;
    this.outbox = new Outbox(call, options.outboxBytes());
    this.peer =
        new PeerCredentials(
            internet(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)),
            internet(call.getAttributes().get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR)),
            false);
  }

  void open(Listener opened) {
    listener = opened;
    // The header must not say identity: the official Java worker dies of it. It says gzip, and
    // messages go uncompressed (docs/protocol.md).
    call.setCompression("gzip");
    call.sendHeaders(new Metadata());
    call.setMessageCompression(false);
    call.request(1);
  }

  ServerCall.Listener<StreamingMessage> calls() {
    return new Calls();
  }

  @Override
  public SendResult send(HostMessage message) {
    if (ended.get()) {
      return SendResult.CLOSED;
    }
    StreamingMessage encoded = HostMessageEncoder.encode(message);
    if (encoded.getSerializedSize() > options.maximumOutboundMessageBytes()) {
      return SendResult.UNSUPPORTED;
    }
    return outbox.offer(encoded, !(message instanceof HostMessage.InvocationRequest));
  }

  @Override
  public boolean supports(Class<? extends HostMessage> kind) {
    return true;
  }

  @Override
  public void close() {
    outbox.close();
  }

  @Override
  public void abort(String reason) {
    outbox.abort(Status.ABORTED.withDescription(reason));
  }

  @Override
  public PeerCredentials peer() {
    return peer;
  }

  private void onEnd(String reason, boolean orderly) {
    if (ended.compareAndSet(false, true)) {
      outbox.discard();
      Listener told = listener;
      if (told != null) {
        told.onClosed(reason, orderly);
      }
    }
  }

  private static Optional<InetSocketAddress> internet(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress internet ? Optional.of(internet) : Optional.empty();
  }

  /** What gRPC calls, on the event loop. */
  private final class Calls extends ServerCall.Listener<StreamingMessage> {
    @Override
    public void onMessage(StreamingMessage message) {
      Listener told = listener;
      if (told != null && !ended.get()) {
        told.onMessage(WorkerMessageDecoder.decode(message));
      }
      call.request(1);
    }

    @Override
    public void onHalfClose() {
      outbox.close();
      onEnd("the worker completed its stream", true);
    }

    @Override
    public void onCancel() {
      onEnd("the connection broke", false);
    }

    @Override
    public void onComplete() {
      onEnd("the stream was closed", true);
    }

    @Override
    public void onReady() {
      if (outbox.onReady()) {
        Listener told = listener;
        if (told != null) {
          told.onWritable();
        }
      }
    }
  }
}
