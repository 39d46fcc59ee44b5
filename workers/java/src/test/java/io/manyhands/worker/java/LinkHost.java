/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.google.protobuf.Duration;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.link.Acknowledgement;
import io.manyhands.transport.grpc.protocol.link.Hello;
import io.manyhands.transport.grpc.protocol.link.RuntimeFrame;
import io.manyhands.transport.grpc.protocol.link.Welcome;
import io.manyhands.transport.grpc.protocol.link.WorkerFrame;
import io.manyhands.transport.grpc.protocol.link.WorkerLinkGrpc;
import io.manyhands.worker.doubles.Mailbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A host of our own service that says on each stream what a test tells it. */
final class LinkHost {
  private final Mailbox<Stream> streams = new Mailbox<>();
  private final Queue<Stream> all = new ConcurrentLinkedQueue<>();
  private final Server server;

  LinkHost() throws IOException {
    this(0);
  }

  LinkHost(int port) throws IOException {
    this(port, InsecureServerCredentials.create());
  }

  LinkHost(int port, ServerCredentials credentials) throws IOException {
    server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), credentials)
            .addService(new Service())
            .maxInboundMessageSize(64 << 20)
            .build()
            .start();
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
  }

  int port() {
    return server.getPort();
  }

  /** The next stream that a worker opened. */
  Stream accept() {
    return streams.next("stream", any -> true);
  }

  /** How many streams workers have opened so far. */
  int opened() {
    return all.size();
  }

  /** How many of them are not over. */
  long open() {
    return all.stream().filter(stream -> !stream.isOver()).count();
  }

  void stop() throws InterruptedException {
    server.shutdownNow().awaitTermination();
  }

  /** One stream. */
  static final class Stream {
    private final StreamObserver<RuntimeFrame> worker;
    private final Mailbox<WorkerFrame> received = new Mailbox<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    private Stream(StreamObserver<RuntimeFrame> worker) {
      this.worker = worker;
    }

    Hello hello() {
      return received.next("hello", WorkerFrame::hasHello).getHello();
    }

    /** Takes the worker in without heartbeats. */
    void welcome(long epoch, String token, String... wanted) {
      welcome(
          Welcome.newBuilder().setEpoch(epoch).setResumeToken(token).addAllWanted(List.of(wanted)));
      long confirmed =
          received.next("confirmation", WorkerFrame::hasConfirmation).getConfirmation().getEpoch();
      if (confirmed != epoch) {
        throw new AssertionError("epoch " + confirmed + " was confirmed");
      }
    }

    void welcome(Welcome.Builder welcome) {
      frame(RuntimeFrame.newBuilder().setWelcome(welcome));
    }

    void frame(RuntimeFrame.Builder frame) {
      synchronized (worker) {
        worker.onNext(frame.build());
      }
    }

    void send(StreamingMessage.Builder message) {
      frame(RuntimeFrame.newBuilder().setMessage(message));
    }

    void acknowledge(long answers) {
      frame(
          RuntimeFrame.newBuilder()
              .setAcknowledgement(Acknowledgement.newBuilder().setAnswers(answers)));
    }

    WorkerFrame next(WorkerFrame.FrameCase kind) {
      return received.next(kind.name(), frame -> frame.getFrameCase() == kind);
    }

    StreamingMessage message(StreamingMessage.ContentCase kind) {
      return received
          .next(
              kind.name(),
              frame -> frame.hasMessage() && frame.getMessage().getContentCase() == kind)
          .getMessage();
    }

    /** The next answer to a call, whichever it is. */
    String answer() {
      return message(StreamingMessage.ContentCase.INVOCATION_RESPONSE)
          .getInvocationResponse()
          .getInvocationId();
    }

    List<WorkerFrame> waiting() {
      return received.waiting();
    }

    void end(Status status) {
      synchronized (worker) {
        worker.onError(status.asRuntimeException());
      }
    }

    void complete() {
      synchronized (worker) {
        worker.onCompleted();
      }
    }

    boolean isOver() {
      return ended.isDone();
    }

    /** Waits until the worker's side is over, and says how. */
    String awaitEnd() {
      return Mailbox.await(ended, "the end of the stream");
    }
  }

  static Duration millis(long millis) {
    return Duration.newBuilder()
        .setSeconds(millis / 1000)
        .setNanos((int) (millis % 1000) * 1_000_000)
        .build();
  }

  private final class Service extends WorkerLinkGrpc.WorkerLinkImplBase {
    @Override
    public StreamObserver<WorkerFrame> connect(StreamObserver<RuntimeFrame> worker) {
      Stream stream = new Stream(worker);
      all.add(stream);
      streams.add(stream);
      return new StreamObserver<>() {
        @Override
        public void onNext(WorkerFrame frame) {
          stream.received.add(frame);
        }

        @Override
        public void onError(Throwable error) {
          stream.ended.complete("lost");
        }

        @Override
        public void onCompleted() {
          stream.ended.complete("completed");
          stream.complete();
        }
      };
    }
  }
}
