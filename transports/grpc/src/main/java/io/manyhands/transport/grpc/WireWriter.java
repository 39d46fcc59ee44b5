/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a message without making its objects. The same fields are given twice in the same order:
 * first to learn the length of each nested message, which the format puts before its content, then,
 * after {@link #begin}, into an array of the whole's size. One message by one thread.
 */
final class WireWriter {
  private static final ByteBuffer NO_TAIL = ByteBuffer.allocate(0);
  private static final int NESTED = 16;

  /** Of nested messages in the order in which they begin; where they begin, until they end. */
  private int[] lengths = new int[NESTED];

  private int nested;
  private final List<MessageLite> built = new ArrayList<>(0);
  private int taken;
  private int size;
  private ByteBuffer tail = NO_TAIL;
  private byte[] head = new byte[0];
  private @Nullable CodedOutputStream output;

  /** All fields have been given once; from here on they are written. */
  void begin() {
    head = new byte[size - tail.remaining()];
    output = CodedOutputStream.newInstance(head);
    nested = 0;
  }

  /** All fields have been given twice. */
  WireMessage finish() {
    CodedOutputStream to = output;
    if (to == null || to.spaceLeft() != 0) {
      throw new IllegalStateException("the second pass gave other fields than the first");
    }
    return new WireMessage(head, tail);
  }

  /** A text, left out where it is empty. */
  void text(int field, String value) throws IOException {
    if (!value.isEmpty()) {
      presentText(field, value);
    }
  }

  /** A text that is there even where it is empty: of a map, or one of a choice. */
  void presentText(int field, String value) throws IOException {
    CodedOutputStream to = output;
    if (to == null) {
      size += CodedOutputStream.computeStringSize(field, value);
    } else {
      to.writeString(field, value);
    }
  }

  void bytes(int field, ByteBuffer value) throws IOException {
    prefix(field, value.remaining());
    CodedOutputStream to = output;
    if (to == null) {
      size += value.remaining();
    } else {
      to.write(value.duplicate());
    }
  }

  /** Bytes that are not copied; nothing may follow them. */
  void lastBytes(int field, ByteBuffer value) throws IOException {
    prefix(field, value.remaining());
    if (output == null) {
      size += value.remaining();
      tail = value;
    }
  }

  /** A message of the generated kind, made once. */
  void made(int field, Supplier<? extends MessageLite> maker) throws IOException {
    CodedOutputStream to = output;
    if (to == null) {
      MessageLite message = maker.get();
      built.add(message);
      size += CodedOutputStream.computeMessageSize(field, message);
    } else {
      to.writeMessage(field, built.get(taken++));
    }
  }

  /** Fields from here on belong to a message within; what is returned goes to {@link #end}. */
  int message(int field) throws IOException {
    int index = nested++;
    if (output == null) {
      if (index == lengths.length) {
        lengths = Arrays.copyOf(lengths, 2 * index);
      }
      lengths[index] = size;
    } else {
      prefix(field, lengths[index]);
    }
    return index;
  }

  /** Ends what {@link #message} began with the same field. */
  void end(int field, int index) throws IOException {
    if (output == null) {
      lengths[index] = size - lengths[index];
      prefix(field, lengths[index]);
    }
  }

  private void prefix(int field, int length) throws IOException {
    CodedOutputStream to = output;
    if (to == null) {
      size +=
          CodedOutputStream.computeTagSize(field)
              + CodedOutputStream.computeUInt32SizeNoTag(length);
    } else {
      to.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      to.writeUInt32NoTag(length);
    }
  }
}
