/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * A message as bytes: a head of our own, and a part of an array that came from elsewhere and is
 * never copied before it reaches the connection's buffer. Read once, by one thread.
 */
final class WireBytes extends InputStream implements Drainable, KnownLength {
  private static final byte[] NOTHING = {};

  private final byte[] head;
  private final byte[] body;
  private final int offset;
  private final int length;
  private int sent;

  WireBytes(byte[] head, byte[] body, int offset, int length) {
    this.head = head;
    this.body = body;
    this.offset = offset;
    this.length = length;
  }

  static WireBytes of(byte[] whole) {
    return new WireBytes(NOTHING, whole, 0, whole.length);
  }

  int size() {
    return head.length + length;
  }

  @Override
  public int available() {
    return size() - sent;
  }

  @Override
  public int drainTo(OutputStream target) throws IOException {
    int before = sent;
    if (sent < head.length) {
      target.write(head, sent, head.length - sent);
      sent = head.length;
    }
    int at = sent - head.length;
    target.write(body, offset + at, length - at);
    sent = size();
    return sent - before;
  }

  @Override
  public int read(byte[] target, int from, int most) {
    if (sent == size()) {
      return -1;
    }
    boolean inHead = sent < head.length;
    int at = inHead ? sent : sent - head.length;
    int taken = Math.min(most, (inHead ? head.length : length) - at);
    System.arraycopy(inHead ? head : body, inHead ? at : offset + at, target, from, taken);
    sent += taken;
    return taken;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /** What is sent. */
  static final class Outgoing implements MethodDescriptor.Marshaller<WireBytes> {
    @Override
    public InputStream stream(WireBytes message) {
      return message;
    }

    @Override
    public WireBytes parse(InputStream stream) {
      throw new UnsupportedOperationException("what is sent is not received");
    }
  }

  /** What is received: copied once, into an array of its size. */
  static final class Incoming implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      throw new UnsupportedOperationException("what is received is not sent");
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        if (!(stream instanceof KnownLength)) {
          // A compressed message does not know its length.
          return stream.readAllBytes();
        }
        byte[] bytes = new byte[stream.available()];
        stream.readNBytes(bytes, 0, bytes.length);
        return bytes;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
