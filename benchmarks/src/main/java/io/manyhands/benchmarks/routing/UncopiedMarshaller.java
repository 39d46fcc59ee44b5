/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.routing;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Of the generated messages, whose byte fields stay views of what was read. */
final class UncopiedMarshaller implements MethodDescriptor.Marshaller<StreamingMessage> {
  static final UncopiedMarshaller INSTANCE = new UncopiedMarshaller();

  private final MethodDescriptor.Marshaller<StreamingMessage> generated =
      ProtoUtils.marshaller(StreamingMessage.getDefaultInstance());

  @Override
  public InputStream stream(StreamingMessage message) {
    return generated.stream(message);
  }

  @Override
  public StreamingMessage parse(InputStream stream) {
    try {
      byte[] bytes = new byte[stream.available()];
      stream.readNBytes(bytes, 0, bytes.length);
      CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      input.enableAliasing(true);
      return StreamingMessage.parseFrom(input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
