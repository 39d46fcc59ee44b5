/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.RpcLog;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What waits to go out, in order. Where the host does not read, answers wait (there are no more
 * than calls) and logs beyond the bounds are dropped, of which one line tells. Where there is no
 * stream, answers to calls and logs stay for the next one. Thread-safe; never blocks.
 */
final class Outbox {
  private static final int MOST_LOGS = 1000;
  private static final long MOST_LOG_BYTES = 1 << 20;

  /** A stream. Its methods are called under the outbox's lock. */
  interface Sink {
    boolean isReady();

    void write(StreamingMessage message);

    void complete();
  }

  private final Queue<StreamingMessage> waiting = new ArrayDeque<>();
  private final KeptAnswers kept = new KeptAnswers();
  private @Nullable Sink stream;
  private int logs;
  private long logBytes;
  private long droppedLogs;
  private boolean keeping;
  private boolean closing;

  /** What the next stream is to be told of. */
  synchronized Set<String> answered() {
    return kept.ids();
  }

  synchronized long keptBytes() {
    return kept.bytes();
  }

  /** From here on messages go to that stream, which is the last: no answer is kept. */
  synchronized void attach(Sink opened) {
    keeping = false;
    stream = opened;
    drain();
  }

  /**
   * From here on messages go to that stream, and answers are kept for the one after it.
   *
   * @param offered answers of which the host was told
   * @param wanted those of them that it wants
   */
  synchronized void resume(Sink opened, Collection<String> offered, Collection<String> wanted) {
    keeping = true;
    stream = opened;
    waiting.addAll(kept.resume(offered, wanted));
    drain();
  }

  /** The stream is lost. What was asked on it alone needs no answer any more. */
  synchronized void detach(Sink lost) {
    if (stream == lost) {
      stream = null;
      kept.streamLost();
      waiting.removeIf(message -> !message.hasRpcLog());
    }
  }

  synchronized void send(StreamingMessage message) {
    if (closing || !takes(message)) {
      return;
    }
    waiting.add(message);
    drain();
  }

  private boolean takes(StreamingMessage message) {
    if (keeping && message.hasInvocationResponse()) {
      kept.keep(message);
    }
    if (!message.hasRpcLog()) {
      return stream != null;
    }
    long bytes = message.getSerializedSize();
    if (logs >= MOST_LOGS || logBytes + bytes > MOST_LOG_BYTES) {
      droppedLogs++;
      return false;
    }
    logs++;
    logBytes += bytes;
    return true;
  }

  /** The host has read so many answers from this stream. */
  synchronized void acknowledged(long answers) {
    kept.acknowledged(answers);
  }

  /** Writes a frame that is none of the conversation. */
  synchronized void aside(Runnable write) {
    write.run();
  }

  /** The stream is completed once it is empty. */
  synchronized void close() {
    closing = true;
    drain();
  }

  /** To be called when the stream takes more. */
  synchronized void drain() {
    Sink open = stream;
    while (open != null && open.isReady() && !waiting.isEmpty()) {
      StreamingMessage message = waiting.remove();
      if (message.hasRpcLog()) {
        logs--;
        logBytes -= message.getSerializedSize();
      } else if (keeping && message.hasInvocationResponse()) {
        kept.sending(message);
      }
      open.write(message);
      if (logs == 0 && droppedLogs > 0) {
        StreamingMessage notice = notice(droppedLogs);
        droppedLogs = 0;
        waiting.add(notice);
        logs++;
        logBytes += notice.getSerializedSize();
      }
    }
    if (open != null && closing && waiting.isEmpty()) {
      stream = null;
      open.complete();
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
