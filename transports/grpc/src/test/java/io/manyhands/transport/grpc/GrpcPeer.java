/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.testkit.SocketProxy;
import io.manyhands.testkit.contract.StreamRecording;
import io.manyhands.testkit.contract.TransportFault;
import io.manyhands.testkit.contract.TransportPeer;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.StartStream;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.link.RuntimeFrame;
import io.manyhands.transport.grpc.protocol.link.WorkerFrame;
import io.manyhands.transport.grpc.protocol.link.WorkerLinkGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A worker over grpc-java's client, with a proxy of its own between it and the Runtime. */
final class GrpcPeer implements TransportPeer {
  private final SocketProxy proxy;
  private final ManagedChannel channel;
  private final StreamRecording<HostMessage> incoming = new StreamRecording<>();
  private final StreamObserver<StreamingMessage> requests;

  /**
   * @param link true for our own service, false for the public one
   */
  GrpcPeer(String host, int port, boolean link) throws IOException {
    proxy = new SocketProxy(new InetSocketAddress(host, port));
    channel =
        NettyChannelBuilder.forAddress(proxy.address())
            .usePlaintext()
            .maxInboundMessageSize(64 << 20)
            .build();
    requests =
        link
            ? new Framing(WorkerLinkGrpc.newStub(channel).connect(new LinkIncoming()))
            : FunctionRpcGrpc.newStub(channel).eventStream(new Incoming());
  }

  @Override
  public void send(WorkerMessage message) {
    requests.onNext(PeerCodec.encode(message));
  }

  @Override
  public void sendUnknown() {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(
                9999,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFromUtf8("of a later version"))
                    .addVarint(17)
                    .build())
            .build();
    requests.onNext(
        StreamingMessage.newBuilder()
            .setStartStream(StartStream.newBuilder().setWorkerId("newer").setUnknownFields(unknown))
            .setUnknownFields(unknown)
            .build());
    requests.onNext(StreamingMessage.newBuilder().setUnknownFields(unknown).build());
  }

  @Override
  public void complete() {
    requests.onCompleted();
  }

  @Override
  public void abort() {
    requests.onError(new IllegalStateException("broken off by the contract"));
  }

  @Override
  public void inject(TransportFault fault) {
    switch (fault) {
      case CUT -> proxy.cut();
      case HALF_CLOSE -> proxy.halfClose(SocketProxy.Direction.TO_TARGET);
      case STALL -> proxy.hold(SocketProxy.Direction.TO_CLIENT);
      case DELAY -> proxy.delay(Duration.ofMillis(20));
      case GO_AWAY -> {
        proxy.goAway(SocketProxy.Direction.TO_TARGET);
        proxy.goAway(SocketProxy.Direction.TO_CLIENT);
      }
    }
  }

  @Override
  public void heal() {
    proxy.heal();
  }

  @Override
  public StreamRecording<HostMessage> incoming() {
    return incoming;
  }

  void close() {
    channel.shutdownNow();
    proxy.close();
    try {
      if (!channel.awaitTermination(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the client's channel does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Incoming implements StreamObserver<StreamingMessage> {
    @Override
    public void onNext(StreamingMessage message) {
      incoming.onMessage(PeerCodec.decode(message));
    }

    @Override
    public void onError(Throwable error) {
      incoming.onEnd(error.toString(), false);
    }

    @Override
    public void onCompleted() {
      incoming.onEnd("completed", true);
    }
  }

  private final class LinkIncoming implements StreamObserver<RuntimeFrame> {
    private final Incoming messages = new Incoming();

    @Override
    public void onNext(RuntimeFrame frame) {
      if (frame.hasMessage()) {
        messages.onNext(frame.getMessage());
      } else {
        incoming.onMessage(PeerCodec.decode(frame));
      }
    }

    @Override
    public void onError(Throwable error) {
      messages.onError(error);
    }

    @Override
    public void onCompleted() {
      messages.onCompleted();
    }
  }

  /** Puts each message into a frame. */
  private record Framing(StreamObserver<WorkerFrame> frames)
      implements StreamObserver<StreamingMessage> {
    @Override
    public void onNext(StreamingMessage message) {
      frames.onNext(WorkerFrame.newBuilder().setMessage(message).build());
    }

    @Override
    public void onError(Throwable error) {
      frames.onError(error);
    }

    @Override
    public void onCompleted() {
      frames.onCompleted();
    }
  }
}
