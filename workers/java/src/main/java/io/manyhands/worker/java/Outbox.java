/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.grpc.stub.ClientCallStreamObserver;
import io.manyhands.transport.grpc.protocol.RpcLog;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What waits to go out, in order. Where the host does not read, answers wait (there are no more
 * than calls) and logs beyond the bounds are dropped, of which one line tells. Thread-safe; never
 * blocks.
 */
final class Outbox {
  private static final int MOST_LOGS = 1000;
  private static final long MOST_LOG_BYTES = 1 << 20;

  private final Queue<StreamingMessage> waiting = new ArrayDeque<>();
  private @Nullable ClientCallStreamObserver<StreamingMessage> stream;
  private int logs;
  private long logBytes;
  private long dropped;
  private boolean closing;

  /** From here on messages go to that stream, the first one before all others. */
  synchronized void open(
      ClientCallStreamObserver<StreamingMessage> opened, StreamingMessage first) {
    waiting.clear();
    logs = 0;
    logBytes = 0;
    waiting.add(first);
    stream = opened;
  }

  synchronized void send(StreamingMessage message) {
    if (closing) {
      return;
    }
    if (message.hasRpcLog()) {
      long bytes = message.getSerializedSize();
      if (logs >= MOST_LOGS || logBytes + bytes > MOST_LOG_BYTES) {
        dropped++;
        return;
      }
      logs++;
      logBytes += bytes;
    }
    waiting.add(message);
    drain();
  }

  /** The stream is completed once it is empty. */
  synchronized void close() {
    closing = true;
    drain();
  }

  /** To be called when the stream takes more. */
  synchronized void drain() {
    ClientCallStreamObserver<StreamingMessage> open = stream;
    while (open != null && open.isReady() && !waiting.isEmpty()) {
      StreamingMessage message = waiting.remove();
      if (message.hasRpcLog()) {
        logs--;
        logBytes -= message.getSerializedSize();
      }
      open.onNext(message);
      if (logs == 0 && dropped > 0) {
        waiting.add(notice(dropped));
        logs++;
        logBytes += notice(dropped).getSerializedSize();
        dropped = 0;
      }
    }
    if (open != null && closing && waiting.isEmpty()) {
      stream = null;
      open.onCompleted();
    }
  }

  private static StreamingMessage notice(long lines) {
    return StreamingMessage.newBuilder()
        .setRpcLog(
            RpcLog.newBuilder()
                .setLevel(RpcLog.Level.Warning)
                .setLogCategory(RpcLog.RpcLogCategory.System)
                .setCategory("Worker.Logs")
                .setMessage(lines + " log lines were dropped: the host reads too slowly"))
        .build();
  }
}
