/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import org.jspecify.annotations.Nullable;

/**
 * One stream to the host, from its first frame to its end. Everything happens on the connection's
 * loop, but for what the outbox writes.
 *
 * @param <W> what the worker says
 * @param <H> what the host says
 */
abstract class HostStream<W, H> implements ClientResponseObserver<W, H>, Outbox.Sink {
  /** Told on the loop; of a stream's end once. */
  interface Listener {
    /** The host has let the worker in. */
    void onAccepted(HostStream<?, ?> stream);

    void onMessage(StreamingMessage message);

    void onClosed(HostStream<?, ?> stream, Closing closing);
  }

  private final EventLoop loop;
  private final Outbox outbox;
  private final Listener listener;
  private volatile @Nullable ClientCallStreamObserver<W> requests;
  private boolean begun;
  private boolean over;

  HostStream(EventLoop loop, Outbox outbox, Listener listener) {
    this.loop = loop;
    this.outbox = outbox;
    this.listener = listener;
  }

  abstract void open(Channel channel);

  /** What is said first. */
  abstract W first();

  abstract W frame(StreamingMessage message);

  abstract void received(H frame);

  /** What a status that the host or the network gave means. */
  abstract Closing closing(Status status);

  final Listener listener() {
    return listener;
  }

  final Outbox outbox() {
    return outbox;
  }

  final EventLoop loop() {
    return loop;
  }

  /** It is over; the first who says so is heard. */
  final void close(Closing closing) {
    if (!over) {
      over = true;
      outbox.detach(this);
      onClosing();
      ClientCallStreamObserver<W> open = requests;
      if (open != null) {
        open.cancel(closing.reason(), null);
      }
      listener.onClosed(this, closing);
    }
  }

  /** Nothing more will come. */
  void onClosing() {}

  @Override
  public final void beforeStart(ClientCallStreamObserver<W> stream) {
    requests = stream;
    stream.setOnReadyHandler(() -> onLoop(this::ready));
  }

  private void ready() {
    if (over) {
      return;
    }
    if (!begun) {
      begun = true;
      aside(first());
    }
    outbox.drain();
  }

  @Override
  public final void onNext(H frame) {
    onLoop(
        () -> {
          if (!over) {
            received(frame);
          }
        });
  }

  @Override
  public final void onError(Throwable error) {
    loop.execute(() -> close(closing(Status.fromThrowable(error))));
  }

  @Override
  public final void onCompleted() {
    loop.execute(() -> close(closing(Status.OK)));
  }

  private void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  /** Writes a frame that is none of the conversation. */
  final void aside(W frame) {
    outbox.aside(() -> put(frame));
  }

  private void put(W frame) {
    ClientCallStreamObserver<W> open = requests;
    if (open != null) {
      open.onNext(frame);
    }
  }

  @Override
  public final boolean isReady() {
    ClientCallStreamObserver<W> open = requests;
    return open != null && open.isReady();
  }

  @Override
  public final void write(StreamingMessage message) {
    put(frame(message));
  }

  @Override
  public final void complete() {
    ClientCallStreamObserver<W> open = requests;
    if (open != null) {
      open.onCompleted();
    }
  }
}
