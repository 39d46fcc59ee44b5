/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a message's bytes once, into an array of their size; its byte fields are views of that
 * array, so that a large payload is not copied again.
 */
final class AliasingMarshaller<T extends Message> implements MethodDescriptor.Marshaller<T> {
  private final MethodDescriptor.Marshaller<T> writer;
  private final Parser<? extends T> parser;

  AliasingMarshaller(T defaultInstance, Parser<T> parser) {
    this.writer = ProtoUtils.marshaller(defaultInstance);
    this.parser = parser;
  }

  @Override
  public InputStream stream(T message) {
    return writer.stream(message);
  }

  @Override
  public T parse(InputStream stream) {
    try {
      CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes(stream)).newCodedInput();
      input.enableAliasing(true);
      T message = parser.parseFrom(input, ExtensionRegistryLite.getEmptyRegistry());
      input.checkLastTagWas(0);
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw Status.INTERNAL.withDescription("malformed message").withCause(e).asRuntimeException();
    } catch (IOException e) {
      throw Status.INTERNAL.withDescription("unreadable message").withCause(e).asRuntimeException();
    }
  }

  private static byte[] bytes(InputStream stream) throws IOException {
    // Compressed messages do not know their length.
    return stream instanceof KnownLength
        ? stream.readNBytes(stream.available())
        : stream.readAllBytes();
  }
}
