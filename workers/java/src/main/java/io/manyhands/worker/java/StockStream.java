/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.StartStream;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import java.time.Duration;

/** The public protocol's one stream, as official workers open it: its end is the worker's. */
final class StockStream extends HostStream<StreamingMessage, StreamingMessage> {
  private final WorkerArguments arguments;
  private boolean spoken;

  StockStream(WorkerArguments arguments, EventLoop loop, Outbox outbox, Listener listener) {
    super(loop, outbox, listener);
    this.arguments = arguments;
  }

  @Override
  void open(Channel channel) {
    FunctionRpcGrpc.newStub(channel).eventStream(this);
  }

  @Override
  StreamingMessage first() {
    return StreamingMessage.newBuilder()
        .setRequestId(arguments.requestId())
        .setStartStream(StartStream.newBuilder().setWorkerId(arguments.workerId()))
        .build();
  }

  @Override
  StreamingMessage frame(StreamingMessage message) {
    return message;
  }

  @Override
  void received(StreamingMessage message) {
    if (!spoken) {
      spoken = true;
      outbox().attach(this);
      listener().onAccepted(this);
    }
    listener().onMessage(message);
  }

  @Override
  Closing closing(Status status) {
    if (status.isOk()) {
      return Closing.end(0, "the host completed the stream");
    }
    String reason = "the stream broke: " + status;
    return status.getCode() == Status.Code.UNAVAILABLE && !spoken
        ? Closing.again(reason, Duration.ZERO)
        : Closing.end(1, reason);
  }
}
