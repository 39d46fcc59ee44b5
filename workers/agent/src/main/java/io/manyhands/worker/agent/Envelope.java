/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.StreamingMessage.ContentCase;
import io.manyhands.transport.grpc.protocol.link.RuntimeFrame;
import io.manyhands.transport.grpc.protocol.link.WorkerFrame;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A StreamingMessage of which only the outside is read: its kind, its request id, and where its
 * content lies.
 */
final class Envelope {
  /** How a frame of our own service begins that carries a message of the public protocol. */
  private static final int FRAME =
      WorkerFrame.MESSAGE_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  static {
    if (RuntimeFrame.MESSAGE_FIELD_NUMBER != WorkerFrame.MESSAGE_FIELD_NUMBER
        || InvocationRequest.INVOCATION_ID_FIELD_NUMBER
            != InvocationResponse.INVOCATION_ID_FIELD_NUMBER) {
      throw new AssertionError("both directions look alike");
    }
  }

  private final byte[] bytes;
  private final int offset;
  private final int length;
  private final ContentCase kind;
  private final String requestId;
  private final int contentOffset;
  private final int contentLength;

  /**
   * @param bytes the array that holds the message
   * @param offset where the message begins
   * @param length of the message
   * @param contentOffset where the content of the oneof begins
   * @param contentLength of that content
   */
  private Envelope(
      byte[] bytes,
      int offset,
      int length,
      ContentCase kind,
      String requestId,
      int contentOffset,
      int contentLength) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
    this.kind = kind;
    this.requestId = requestId;
    this.contentOffset = contentOffset;
    this.contentLength = contentLength;
  }

  /**
   * Reads the outside of a message.
   *
   * @throws IOException where it is none
   */
  static Envelope of(byte[] bytes, int offset, int length) throws IOException {
    CodedInputStream input = CodedInputStream.newInstance(bytes, offset, length);
    ContentCase kind = ContentCase.CONTENT_NOT_SET;
    String requestId = "";
    int contentOffset = offset;
    int contentLength = 0;
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      if (field == StreamingMessage.REQUEST_ID_FIELD_NUMBER) {
        requestId = input.readString();
      } else if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        int size = input.readRawVarint32();
        ContentCase named = ContentCase.forNumber(field);
        if (named != null) {
          // As in any message, the last one counts.
          kind = named;
          contentOffset = offset + input.getTotalBytesRead();
          contentLength = size;
        }
        input.skipRawBytes(size);
      } else {
        input.skipField(tag);
      }
    }
    return new Envelope(bytes, offset, length, kind, requestId, contentOffset, contentLength);
  }

  static Envelope of(byte[] bytes) throws IOException {
    return of(bytes, 0, bytes.length);
  }

  /**
   * Of the message in a frame of our own service; null where the frame is another.
   *
   * @throws IOException where it carries no message
   */
  static @Nullable Envelope framed(byte[] frame) throws IOException {
    CodedInputStream input = CodedInputStream.newInstance(frame);
    if (input.readTag() != FRAME) {
      return null;
    }
    int length = input.readRawVarint32();
    int at = input.getTotalBytesRead();
    return length == frame.length - at ? of(frame, at, length) : null;
  }

  ContentCase kind() {
    return kind;
  }

  String requestId() {
    return requestId;
  }

  /** In bytes. */
  int length() {
    return length;
  }

  /** The invocation id of an InvocationRequest or InvocationResponse. */
  String invocationId() throws IOException {
    CodedInputStream input = CodedInputStream.newInstance(bytes, contentOffset, contentLength);
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == InvocationRequest.INVOCATION_ID_FIELD_NUMBER) {
        return input.readString();
      }
      input.skipField(tag);
    }
    return "";
  }

  /** The whole message, decoded. */
  StreamingMessage decoded() throws IOException {
    return StreamingMessage.parseFrom(ByteString.copyFrom(bytes, offset, length));
  }

  /** As it goes to the worker. */
  WireBytes forWorker() {
    return new WireBytes(new byte[0], bytes, offset, length);
  }

  /** As it goes to the Runtime. */
  WireBytes forRuntime() {
    byte[] head = new byte[1 + CodedOutputStream.computeUInt32SizeNoTag(length)];
    CodedOutputStream output = CodedOutputStream.newInstance(head);
    try {
      output.writeUInt32NoTag(FRAME);
      output.writeUInt32NoTag(length);
      output.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new AssertionError("the head has room for a tag and a length", e);
    }
    return new WireBytes(head, bytes, offset, length);
  }

  /** Of a message of our own making. */
  static Envelope of(StreamingMessage message) {
    byte[] bytes = message.toByteArray();
    return new Envelope(
        bytes, 0, bytes.length, message.getContentCase(), message.getRequestId(), 0, 0);
  }
}
