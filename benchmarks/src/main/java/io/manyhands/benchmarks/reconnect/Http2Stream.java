/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.reconnect;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A connection with one bidirectional gRPC stream on it: as much of HTTP/2 as a light worker needs,
 * which sends little and takes everything at once. On the loop's thread.
 */
final class Http2Stream {
  /** What is told of it; nothing follows {@link #onClosed}. */
  interface Listener {
    void onOpen();

    void onMessage(ByteBuffer message) throws IOException;

    void onClosed(String why);
  }

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;
  private static final int FRAME_HEAD = 9;
  private static final int MESSAGE_HEAD = 5;
  private static final int LARGEST_FRAME = 16 << 10;

  private final Loop loop;
  private final Listener listener;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final byte[] opening;
  private @Nullable ByteBuffer unsent;
  private ByteBuffer frames = ByteBuffer.allocate(512).flip();
  private ByteBuffer messages = ByteBuffer.allocate(512).flip();
  private boolean closed;

  Http2Stream(Loop loop, InetSocketAddress to, String path, Listener listener) throws IOException {
    this.loop = loop;
    this.listener = listener;
    opening = opening(to, path);
    channel = SocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      boolean connected = channel.connect(to);
      key = channel.register(loop.selector(), SelectionKey.OP_CONNECT, this);
      if (connected) {
        loop.execute(this::connected);
      }
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  void send(MessageLite message) throws IOException {
    int size = message.getSerializedSize();
    if (size + MESSAGE_HEAD > LARGEST_FRAME) {
      throw new IOException("a message of " + size + " bytes is more than a light worker sends");
    }
    ByteBuffer bytes = ByteBuffer.allocate(FRAME_HEAD + MESSAGE_HEAD + size);
    head(bytes, MESSAGE_HEAD + size, DATA, 0, 1);
    bytes.put((byte) 0).putInt(size);
    CodedOutputStream output =
        CodedOutputStream.newInstance(bytes.array(), bytes.position(), bytes.remaining());
    message.writeTo(output);
    output.flush();
    write(bytes.position(0));
  }

  /** As a process that dies: nothing is said, the other side sees a reset. */
  void reset() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      // It was reset by the other side.
    }
    close("reset");
  }

  void onReady(SelectionKey ready) {
    try {
      if (ready.isConnectable()) {
        channel.finishConnect();
        connected();
      }
      if (ready.isValid() && ready.isWritable()) {
        writeRest();
      }
      if (ready.isValid() && ready.isReadable()) {
        read();
      }
    } catch (IOException e) {
      close(String.valueOf(e.getMessage()));
    }
  }

  private void connected() {
    try {
      key.interestOps(SelectionKey.OP_READ);
      write(ByteBuffer.wrap(opening));
      listener.onOpen();
    } catch (IOException e) {
      close(String.valueOf(e.getMessage()));
    }
  }

  private void read() throws IOException {
    ByteBuffer buffer = loop.readBuffer();
    int read = channel.read(buffer);
    if (read < 0) {
      close("end of the connection");
      return;
    }
    frames = append(frames, buffer.flip());
    while (!closed && frames.remaining() >= FRAME_HEAD) {
      frames.mark();
      int length = (frames.getShort() & 0xffff) << 8;
      length |= frames.get() & 0xff;
      int kind = frames.get();
      int flags = frames.get();
      frames.getInt();
      if (frames.remaining() < length) {
        frames.reset();
        return;
      }
      ByteBuffer payload = frames.slice(frames.position(), length);
      frames.position(frames.position() + length);
      take(kind, flags, payload);
    }
  }

  private void take(int kind, int flags, ByteBuffer payload) throws IOException {
    switch (kind) {
      case DATA -> data(payload);
      case SETTINGS -> {
        if ((flags & ACK) == 0) {
          write(head(ByteBuffer.allocate(FRAME_HEAD), 0, SETTINGS, ACK, 0).flip());
        }
      }
      case PING -> {
        if ((flags & ACK) == 0) {
          ByteBuffer answer = ByteBuffer.allocate(FRAME_HEAD + payload.remaining());
          head(answer, payload.remaining(), PING, ACK, 0).put(payload);
          write(answer.flip());
        }
      }
      case RST_STREAM -> close("the stream was reset");
      case GOAWAY -> close("GOAWAY");
      default -> {
        // Headers say nothing that matters; windows are large enough for what is sent here.
      }
    }
    if ((kind == DATA || kind == HEADERS) && (flags & END_STREAM) != 0) {
      close("end of the stream");
    }
  }

  private void data(ByteBuffer payload) throws IOException {
    messages = append(messages, payload);
    while (!closed && messages.remaining() >= MESSAGE_HEAD) {
      int length = messages.getInt(messages.position() + 1);
      if (messages.get(messages.position()) != 0) {
        throw new IOException("a compressed message");
      }
      if (messages.remaining() < MESSAGE_HEAD + length) {
        return;
      }
      ByteBuffer message = messages.slice(messages.position() + MESSAGE_HEAD, length);
      messages.position(messages.position() + MESSAGE_HEAD + length);
      listener.onMessage(message);
    }
  }

  /** The rest of what was read before, and what comes now; ready to be read. */
  private static ByteBuffer append(ByteBuffer rest, ByteBuffer more) {
    ByteBuffer room = rest.compact();
    if (room.remaining() < more.remaining()) {
      int needed = room.position() + more.remaining();
      room = ByteBuffer.allocate(Math.max(needed, room.capacity() * 2)).put(room.flip());
    }
    return room.put(more).flip();
  }

  private void write(ByteBuffer bytes) throws IOException {
    if (unsent == null) {
      channel.write(bytes);
      if (!bytes.hasRemaining()) {
        return;
      }
    }
    ByteBuffer rest = unsent == null ? ByteBuffer.allocate(0) : unsent;
    unsent = ByteBuffer.allocate(rest.remaining() + bytes.remaining()).put(rest).put(bytes).flip();
    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
  }

  private void writeRest() throws IOException {
    ByteBuffer rest = unsent;
    if (rest != null) {
      channel.write(rest);
      if (!rest.hasRemaining()) {
        unsent = null;
        key.interestOps(SelectionKey.OP_READ);
      }
    }
  }

  private void close(String why) {
    if (closed) {
      return;
    }
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      // It is closed whatever it says.
    }
    listener.onClosed(why);
  }

  /** What a client says first: preface, settings with the largest windows, and the call. */
  private static byte[] opening(InetSocketAddress to, String path) {
    ByteArrayOutputStream headers = new ByteArrayOutputStream();
    header(headers, ":method", "POST");
    header(headers, ":scheme", "http");
    header(headers, ":path", path);
    header(headers, ":authority", to.getHostString() + ":" + to.getPort());
    header(headers, "te", "trailers");
    header(headers, "content-type", "application/grpc");
    byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes =
        ByteBuffer.allocate(preface.length + 3 * FRAME_HEAD + 6 + 4 + headers.size());
    bytes.put(preface);
    head(bytes, 6, SETTINGS, 0, 0).putShort((short) 4).putInt(Integer.MAX_VALUE);
    head(bytes, 4, WINDOW_UPDATE, 0, 0).putInt(Integer.MAX_VALUE - 65_535);
    head(bytes, headers.size(), HEADERS, END_HEADERS, 1).put(headers.toByteArray());
    return bytes.array();
  }

  /** Literal, without indexing. */
  private static void header(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    for (String text : new String[] {name, value}) {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      block.write(bytes.length);
      block.writeBytes(bytes);
    }
  }

  private static ByteBuffer head(ByteBuffer bytes, int length, int kind, int flags, int stream) {
    return bytes
        .put((byte) (length >> 16))
        .put((byte) (length >> 8))
        .put((byte) length)
        .put((byte) kind)
        .put((byte) flags)
        .putInt(stream);
  }
}
