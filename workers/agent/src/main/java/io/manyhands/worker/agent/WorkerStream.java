/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.manyhands.transport.grpc.protocol.StreamingMessage.ContentCase;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A worker's stream of the public protocol. Confined to the loop, which gRPC calls it on. */
final class WorkerStream extends ServerCall.Listener<byte[]> {
  private final ServerCall<byte[], WireBytes> call;

  /** Who takes up a stream by the id that it presents. */
  private final BiConsumer<String, WorkerStream> door;

  private @Nullable Traffic traffic;
  private boolean presented;
  private boolean reading;
  private boolean over;

  /** What passes through a stream. */
  interface Traffic {
    void onWorkerMessage(Envelope message) throws IOException;

    void onWorkerWritable();

    /** Whether more can be taken in. */
    boolean hasRoomForWorker();

    /** Once; nothing follows. */
    void onWorkerClosed(String reason);
  }

  WorkerStream(ServerCall<byte[], WireBytes> call, BiConsumer<String, WorkerStream> door) {
    this.call = call;
    this.door = door;
    // The header must not say identity: the official Java worker dies of it. It says gzip, and
    // messages go uncompressed (docs/protocol.md, P-JAVA-1).
    call.setCompression("gzip");
    call.sendHeaders(new Metadata());
    call.setMessageCompression(false);
    read();
  }

  @Nullable InetSocketAddress remote() {
    return call.getAttributes().get(io.grpc.Grpc.TRANSPORT_ATTR_REMOTE_ADDR)
            instanceof InetSocketAddress address
        ? address
        : null;
  }

  @Nullable InetSocketAddress local() {
    return call.getAttributes().get(io.grpc.Grpc.TRANSPORT_ATTR_LOCAL_ADDR)
            instanceof InetSocketAddress address
        ? address
        : null;
  }

  /** From here on what it carries goes there. */
  void attach(Traffic to) {
    if (over) {
      to.onWorkerClosed("the worker's stream ended at once");
      return;
    }
    traffic = to;
    read();
    to.onWorkerWritable();
  }

  boolean isReady() {
    return !over && call.isReady();
  }

  void send(WireBytes message) {
    if (!over) {
      call.sendMessage(message);
    }
  }

  /** There is room again. */
  void read() {
    if (!over && !reading) {
      reading = true;
      call.request(1);
    }
  }

  /** Whether a message is waited for. */
  boolean isReading() {
    return reading;
  }

  /** Ends it in order: Node.js and Java take that for the wish that they end (P-END-1). */
  void complete() {
    close(Status.OK);
  }

  void refuse(String reason) {
    close(Status.ABORTED.withDescription(reason));
  }

  private void close(Status status) {
    if (!over) {
      over = true;
      call.close(status, new Metadata());
      gone("the agent ended it");
    }
  }

  @Override
  public void onMessage(byte[] bytes) {
    reading = false;
    if (over) {
      return;
    }
    try {
      Envelope message = Envelope.of(bytes);
      Traffic to = traffic;
      if (to != null) {
        to.onWorkerMessage(message);
        if (to.hasRoomForWorker()) {
          read();
        }
      } else if (!presented && message.kind() == ContentCase.START_STREAM) {
        presented = true;
        door.accept(message.decoded().getStartStream().getWorkerId(), this);
      } else {
        refuse("expected StartStream, then to wait");
      }
    } catch (IOException e) {
      refuse("malformed message: " + e.getMessage());
    }
  }

  @Override
  public void onReady() {
    Traffic to = traffic;
    if (to != null && !over) {
      to.onWorkerWritable();
    }
  }

  @Override
  public void onHalfClose() {
    if (!over) {
      over = true;
      call.close(Status.OK, new Metadata());
      gone("the worker completed its stream");
    }
  }

  @Override
  public void onCancel() {
    if (!over) {
      over = true;
      gone("the worker's connection broke");
    }
  }

  private void gone(String reason) {
    Traffic to = traffic;
    traffic = null;
    if (to != null) {
      to.onWorkerClosed(reason);
    }
  }
}
