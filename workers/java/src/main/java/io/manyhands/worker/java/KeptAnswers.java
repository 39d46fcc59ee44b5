/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers that nobody has acknowledged, in the order in which they were given (P-LINK-6). Bounded:
 * an answer beyond the bounds is not kept, and not told of after a break. Confined to whoever holds
 * the outbox's lock.
 */
final class KeptAnswers {
  static final long MOST_BYTES = 48L << 20;
  static final int MOST = 10_000;

  /**
   * From this size on an answer may be what the Runtime's listener refuses, with the stream as its
   * price: after so many attempts a failure goes in its place.
   */
  private static final int LARGE = 4 << 20;

  private static final int ATTEMPTS = 3;

  private final Map<String, Kept> answers = new LinkedHashMap<>();

  /** What went out on this stream and is not acknowledged; in order. */
  private final Queue<String> sent = new ArrayDeque<>();

  private long acknowledged;
  private long bytes;

  private static final class Kept {
    private final StreamingMessage message;
    private int attempts;

    Kept(StreamingMessage message) {
      this.message = message;
    }
  }

  long bytes() {
    return bytes;
  }

  Set<String> ids() {
    return Set.copyOf(answers.keySet());
  }

  /** False where there is no room for it. */
  boolean keep(StreamingMessage answer) {
    int size = answer.getSerializedSize();
    if (answers.size() >= MOST || bytes + size > MOST_BYTES) {
      return false;
    }
    forget(id(answer));
    answers.put(id(answer), new Kept(answer));
    bytes += size;
    return true;
  }

  /** It goes out on this stream now. */
  void sending(StreamingMessage answer) {
    String id = id(answer);
    sent.add(id);
    Kept kept = answers.get(id);
    if (kept != null) {
      kept.attempts++;
    }
  }

  /** The Runtime has read so many from this stream. */
  void acknowledged(long count) {
    while (acknowledged < count && !sent.isEmpty()) {
      acknowledged++;
      forget(sent.remove());
    }
  }

  /** The stream is gone; what was sent may have arrived or not. */
  void streamLost() {
    sent.clear();
    acknowledged = 0;
  }

  /**
   * Drops those that were offered and are not wanted.
   *
   * @return what is to be sent on the new stream
   */
  List<StreamingMessage> resume(Collection<String> offered, Collection<String> wanted) {
    for (String id : offered) {
      if (!wanted.contains(id)) {
        forget(id);
      }
    }
    List<StreamingMessage> again = new ArrayList<>();
    for (Kept kept : answers.values()) {
      again.add(kept.attempts >= ATTEMPTS ? replacement(kept.message) : kept.message);
    }
    return again;
  }

  private static StreamingMessage replacement(StreamingMessage answer) {
    int size = answer.getSerializedSize();
    if (size < LARGE) {
      return answer;
    }
    return answer.toBuilder()
        .setInvocationResponse(
            InvocationResponse.newBuilder()
                .setInvocationId(id(answer))
                .setResult(
                    Statuses.failure(
                        "the answer of %d bytes could not be delivered in %d attempts"
                            .formatted(size, ATTEMPTS))))
        .build();
  }

  private void forget(String id) {
    @Nullable Kept gone = answers.remove(id);
    if (gone != null) {
      bytes -= gone.message.getSerializedSize();
    }
  }

  private static String id(StreamingMessage answer) {
    return answer.getInvocationResponse().getInvocationId();
  }
}
