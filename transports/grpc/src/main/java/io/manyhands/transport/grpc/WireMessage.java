/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import com.google.protobuf.MessageLite;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * A message in the form in which it is sent: a head, and a tail that stays where the payload's
 * owner put it, so that a large body is copied once, into the connection's own buffer. Read by one
 * thread, once.
 */
final class WireMessage extends InputStream implements Drainable, KnownLength {
  private static final int SCRATCH = 8192;

  /** The tail on its way; its array is out of reach, as it is read-only. */
  private static final ThreadLocal<byte[]> SCRATCHES =
      ThreadLocal.withInitial(() -> new byte[SCRATCH]);

  private static final ByteBuffer NO_TAIL = ByteBuffer.allocate(0);

  private final byte[] head;
  private final ByteBuffer tail;
  private final int size;
  private int sent;

  /**
   * @param tail its remaining bytes are sent; neither moved nor copied
   */
  WireMessage(byte[] head, ByteBuffer tail) {
    this.head = head;
    this.tail = tail;
    this.size = head.length + tail.remaining();
  }

  static WireMessage of(MessageLite message) {
    return new WireMessage(message.toByteArray(), NO_TAIL);
  }

  /** Bytes in all, sent or not. */
  int size() {
    return size;
  }

  @Override
  public int available() {
    return size - sent;
  }

  @Override
  public int drainTo(OutputStream target) throws IOException {
    int from = sent;
    if (sent < head.length) {
      target.write(head, sent, head.length - sent);
      sent = head.length;
    }
    if (sent < size) {
      byte[] scratch = SCRATCHES.get();
      for (int length = read(scratch, 0, SCRATCH); length > 0; length = read(scratch, 0, SCRATCH)) {
        target.write(scratch, 0, length);
      }
    }
    return size - from;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (sent == size) {
      return -1;
    }
    int ahead = head.length - sent;
    int taken = Math.min(length, ahead > 0 ? ahead : size - sent);
    if (ahead > 0) {
      System.arraycopy(head, sent, target, offset, taken);
    } else {
      tail.get(tail.position() - ahead, target, offset, taken);
    }
    sent += taken;
    return taken;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }
}
