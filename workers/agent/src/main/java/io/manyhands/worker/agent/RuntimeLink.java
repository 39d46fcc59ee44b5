/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import io.manyhands.transport.grpc.protocol.link.Confirmation;
import io.manyhands.transport.grpc.protocol.link.Heartbeat;
import io.manyhands.transport.grpc.protocol.link.Hello;
import io.manyhands.transport.grpc.protocol.link.Refusal;
import io.manyhands.transport.grpc.protocol.link.RuntimeFrame;
import io.manyhands.transport.grpc.protocol.link.Welcome;
import io.manyhands.transport.grpc.protocol.link.WorkerFrame;
import io.manyhands.transport.grpc.protocol.link.WorkerLinkGrpc;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One stream to a Runtime. Confined to the loop, to which it takes whatever gRPC calls it on. */
final class RuntimeLink extends ClientCall.Listener<byte[]> {
  private static final int SILENT_INTERVALS = 3;
  private static final MethodDescriptor<WireBytes, byte[]> CONNECT =
      WorkerLinkGrpc.getConnectMethod().toBuilder(
              new WireBytes.Outgoing(), new WireBytes.Incoming())
          .build();

  private final EventLoop loop;
  private final LinkIdentity identity;
  private final Traffic traffic;
  private final Owner owner;
  private final ClientCall<WireBytes, byte[]> call;
  private final Hello hello;
  private boolean begun;
  private boolean welcomed;
  private boolean over;
  private boolean reading;
  private long heardNanos = System.nanoTime();
  private @Nullable Future<?> heartbeats;

  /** What passes through a stream. */
  interface Traffic {
    void onWelcome(RuntimeLink link, Hello said, Welcome welcome);

    /** A message for the worker. */
    void onMessage(Envelope message) throws IOException;

    void onAcknowledged(long answers);

    void onWritable();

    /** Whether more can be taken in. */
    boolean hasRoom();

    Heartbeat heartbeat();

    void onClosed(RuntimeLink link);
  }

  /** Told of a stream's beginning and end, once each. */
  interface Owner {
    void onAccepted(RuntimeLink link);

    void onClosed(RuntimeLink link, Closing closing);
  }

  RuntimeLink(
      Channel channel,
      EventLoop loop,
      LinkIdentity identity,
      Hello hello,
      Traffic traffic,
      Owner owner) {
    this.loop = loop;
    this.identity = identity;
    this.hello = hello;
    this.traffic = traffic;
    this.owner = owner;
    this.call = channel.newCall(CONNECT, CallOptions.DEFAULT);
  }

  void open() {
    call.start(this, new Metadata());
    call.request(1);
    reading = true;
  }

  boolean isReady() {
    return !over && call.isReady();
  }

  void send(WireBytes frame) {
    if (!over) {
      call.sendMessage(frame);
    }
  }

  void send(WorkerFrame frame) {
    send(WireBytes.of(frame.toByteArray()));
  }

  /** Nothing more is said; the Runtime is to end the stream. */
  void halfClose() {
    if (!over) {
      call.halfClose();
    }
  }

  /** There is room again. */
  void read() {
    if (!over && !reading) {
      reading = true;
      call.request(1);
    }
  }

  /** It is over; the first who says so is heard. */
  void close(Closing closing) {
    if (!over) {
      over = true;
      Future<?> scheduled = heartbeats;
      if (scheduled != null) {
        scheduled.cancel(false);
      }
      call.cancel(closing.reason(), null);
      traffic.onClosed(this);
      owner.onClosed(this, closing);
    }
  }

  @Override
  public void onReady() {
    onLoop(
        () -> {
          if (over) {
            return;
          }
          if (!begun) {
            begun = true;
            send(WorkerFrame.newBuilder().setHello(hello).build());
          }
          if (welcomed) {
            traffic.onWritable();
          }
        });
  }

  @Override
  public void onMessage(byte[] frame) {
    onLoop(
        () -> {
          if (over) {
            return;
          }
          reading = false;
          heardNanos = System.nanoTime();
          try {
            received(frame);
          } catch (IOException e) {
            close(Closing.again("the Runtime sent what is no message: " + e.getMessage()));
          }
          if (traffic.hasRoom()) {
            read();
          }
        });
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    loop.execute(() -> close(Closing.again("the stream broke: " + describe(status))));
  }

  private void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  private static String describe(Status status) {
    Throwable cause = status.getCause();
    return status.getCode()
        + (status.getDescription() == null ? "" : " " + status.getDescription())
        + (cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")");
  }

  private void received(byte[] bytes) throws IOException {
    Envelope message = welcomed ? Envelope.framed(bytes) : null;
    if (message != null) {
      traffic.onMessage(message);
      return;
    }
    RuntimeFrame frame = RuntimeFrame.parseFrom(bytes);
    switch (frame.getFrameCase()) {
      case WELCOME -> welcome(frame.getWelcome());
      case CREDENTIAL -> identity.became(frame.getCredential());
      case ACKNOWLEDGEMENT -> traffic.onAcknowledged(frame.getAcknowledgement().getAnswers());
      case REFUSAL -> close(refused(frame.getRefusal()));
      case CODE_PACKAGE -> send(Messages.packageRefused(frame.getCodePackage().getSha256()));
      case FAREWELL -> {
        String reason = frame.getFarewell().getReason();
        close(frame.getFarewell().getComeBack() ? Closing.again(reason) : Closing.released(reason));
      }
      default -> {
        // Before its time, or a frame of a later version.
      }
    }
  }

  private void welcome(Welcome welcome) {
    if (welcomed) {
      return;
    }
    welcomed = true;
    identity.welcomed(welcome);
    send(
        WorkerFrame.newBuilder()
            .setConfirmation(Confirmation.newBuilder().setEpoch(welcome.getEpoch()))
            .build());
    owner.onAccepted(this);
    traffic.onWelcome(this, hello, welcome);
    long interval = nanos(welcome.getHeartbeatInterval());
    if (interval > 0) {
      heartbeats =
          loop.scheduleAtFixedRate(
              () -> heartbeat(interval), interval, interval, TimeUnit.NANOSECONDS);
    }
  }

  private void heartbeat(long interval) {
    if (!reading) {
      // What the Runtime says lies unread: that is no silence of its.
      heardNanos = System.nanoTime();
    }
    if (System.nanoTime() - heardNanos > SILENT_INTERVALS * interval) {
      close(Closing.again("the Runtime was silent for " + SILENT_INTERVALS + " intervals"));
    } else if (isReady()) {
      // Else it would wait behind all that the Runtime does not read.
      send(WorkerFrame.newBuilder().setHeartbeat(traffic.heartbeat()).build());
    }
  }

  private static Closing refused(Refusal refusal) {
    String reason = "the Runtime refused this worker: " + refusal.getReason();
    return refusal.getRetry()
        ? Closing.again(reason, Duration.ofNanos(nanos(refusal.getRetryAfter())))
        : Closing.refused(reason);
  }

  private static long nanos(com.google.protobuf.Duration duration) {
    return TimeUnit.SECONDS.toNanos(duration.getSeconds()) + duration.getNanos();
  }
}
