/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.link.Confirmation;
import io.manyhands.transport.grpc.protocol.link.Heartbeat;
import io.manyhands.transport.grpc.protocol.link.Hello;
import io.manyhands.transport.grpc.protocol.link.PackageState;
import io.manyhands.transport.grpc.protocol.link.Refusal;
import io.manyhands.transport.grpc.protocol.link.RuntimeFrame;
import io.manyhands.transport.grpc.protocol.link.Welcome;
import io.manyhands.transport.grpc.protocol.link.WorkerFrame;
import io.manyhands.transport.grpc.protocol.link.WorkerLinkGrpc;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A stream of our own service: when it breaks, the worker comes back (P-LINK-4). */
final class LinkStream extends HostStream<WorkerFrame, RuntimeFrame> {
  private static final int SILENT_INTERVALS = 3;

  private final LinkIdentity identity;
  private final MessageHandler handler;
  private final ProcessUse use;
  private List<String> offered = List.of();
  private boolean welcomed;
  private long heardNanos;
  private @Nullable Future<?> heartbeats;

  LinkStream(
      LinkIdentity identity,
      MessageHandler handler,
      ProcessUse use,
      EventLoop loop,
      Outbox outbox,
      Listener listener) {
    super(loop, outbox, listener);
    this.identity = identity;
    this.handler = handler;
    this.use = use;
  }

  @Override
  void open(Channel channel) {
    WorkerLinkGrpc.newStub(channel).connect(this);
  }

  @Override
  WorkerFrame first() {
    Hello hello = identity.hello(handler, outbox());
    offered = hello.getResume().getAnsweredList();
    return WorkerFrame.newBuilder().setHello(hello).build();
  }

  @Override
  WorkerFrame frame(StreamingMessage message) {
    return WorkerFrame.newBuilder().setMessage(message).build();
  }

  @Override
  void received(RuntimeFrame frame) {
    heardNanos = System.nanoTime();
    switch (frame.getFrameCase()) {
      case WELCOME -> welcome(frame.getWelcome());
      case MESSAGE -> {
        if (welcomed) {
          listener().onMessage(frame.getMessage());
        }
      }
      case CREDENTIAL -> identity.became(frame.getCredential());
      case ACKNOWLEDGEMENT -> outbox().acknowledged(frame.getAcknowledgement().getAnswers());
      case REFUSAL -> close(refused(frame.getRefusal()));
      case FAREWELL -> {
        String reason = frame.getFarewell().getReason();
        close(
            frame.getFarewell().getComeBack()
                ? Closing.again(reason, Duration.ZERO)
                : Closing.end(0, reason));
      }
      case CODE_PACKAGE ->
          aside(
              WorkerFrame.newBuilder()
                  .setPackageState(
                      PackageState.newBuilder()
                          .setSha256(frame.getCodePackage().getSha256())
                          .setStage(PackageState.Stage.FAILED)
                          .setProblem(
                              "this worker fetches no packages (expected: an agent beside it, or a"
                                  + " directory that it can see)"))
                  .build());
      default -> {
        // A frame of a later version.
      }
    }
  }

  private void welcome(Welcome welcome) {
    if (welcomed) {
      return;
    }
    welcomed = true;
    identity.welcomed(welcome);
    if (handler.reloaded() && !identity.assigned()) {
      // It holds an application's settings, and the Runtime takes it for nobody's.
      close(Closing.end(1, "the Runtime does not know what this worker has become"));
      return;
    }
    aside(
        WorkerFrame.newBuilder()
            .setConfirmation(Confirmation.newBuilder().setEpoch(welcome.getEpoch()))
            .build());
    outbox().resume(this, offered, welcome.getWantedList());
    listener().onAccepted(this);
    long interval =
        TimeUnit.SECONDS.toNanos(welcome.getHeartbeatInterval().getSeconds())
            + welcome.getHeartbeatInterval().getNanos();
    if (interval > 0) {
      heartbeats =
          loop()
              .scheduleAtFixedRate(
                  () -> heartbeat(interval), interval, interval, TimeUnit.NANOSECONDS);
    }
  }

  private void heartbeat(long interval) {
    if (System.nanoTime() - heardNanos > SILENT_INTERVALS * interval) {
      close(
          Closing.again(
              "the Runtime was silent for " + SILENT_INTERVALS + " intervals", Duration.ZERO));
      return;
    }
    if (!isReady()) {
      // It would wait behind all that the Runtime does not read.
      return;
    }
    aside(
        WorkerFrame.newBuilder()
            .setHeartbeat(
                Heartbeat.newBuilder()
                    .setResources(
                        use.resources().toBuilder()
                            .setRunningCalls(handler.running().size())
                            .setKeptBytes(outbox().keptBytes())))
            .build());
  }

  @Override
  void onClosing() {
    Future<?> scheduled = heartbeats;
    if (scheduled != null) {
      scheduled.cancel(false);
    }
  }

  private static Closing refused(Refusal refusal) {
    String reason = "the Runtime refused this worker: " + refusal.getReason();
    return refusal.getRetry()
        ? Closing.again(
            reason,
            Duration.ofSeconds(
                refusal.getRetryAfter().getSeconds(), refusal.getRetryAfter().getNanos()))
        : Closing.end(1, reason);
  }

  /** Any break means to come back, a cancelled stream too. */
  @Override
  Closing closing(Status status) {
    String reason = "the stream broke: " + status;
    return status.getCode() == Status.Code.UNIMPLEMENTED && !identity.known()
        ? Closing.unserved(reason)
        : Closing.again(reason, Duration.ZERO);
  }
}
