/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.manyhands.spi.transport.WorkerMessage;
import java.io.IOException;
import java.io.InputStream;

/** Between gRPC's streams of bytes and the messages of a service. */
final class StreamMarshallers {
  private StreamMarshallers() {}

  /** Of the method, whatever classes it was generated with. */
  static MethodDescriptor<WorkerMessage, WireMessage> method(
      MethodDescriptor<?, ?> generated, StreamFormat format) {
    return generated.toBuilder(new Incoming(format), new Outgoing()).build();
  }

  private record Incoming(StreamFormat format)
      implements MethodDescriptor.Marshaller<WorkerMessage> {
    @Override
    public InputStream stream(WorkerMessage message) {
      throw new UnsupportedOperationException("a worker's message is not sent from here");
    }

    @Override
    public WorkerMessage parse(InputStream stream) {
      try {
        return format.decode(bytes(stream));
      } catch (IOException e) {
        throw Status.INTERNAL
            .withDescription("malformed message")
            .withCause(e)
            .asRuntimeException();
      }
    }

    /** Once, into an array of their size. */
    private static byte[] bytes(InputStream stream) throws IOException {
      if (!(stream instanceof KnownLength)) {
        // A compressed message does not know its length.
        return stream.readAllBytes();
      }
      byte[] bytes = new byte[stream.available()];
      stream.readNBytes(bytes, 0, bytes.length);
      return bytes;
    }
  }

  private record Outgoing() implements MethodDescriptor.Marshaller<WireMessage> {
    @Override
    public InputStream stream(WireMessage message) {
      return message;
    }

    @Override
    public WireMessage parse(InputStream stream) {
      throw new UnsupportedOperationException("the Runtime's message is not received here");
    }
  }
}
