/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

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
 * Answers of a worker that no acknowledgement covers, in the order in which they were given
 * (P-LINK-6). It never drops one: where it is {@link #full} nothing more is read from the worker,
 * so that it holds one message more than its bounds at most. Confined to the loop.
 */
final class KeptAnswers {
  static final int MOST = 10_000;

  /**
   * From this size on an answer may be what the Runtime's listener refuses, with the stream as its
   * price: after so many attempts a failure goes in its place.
   */
  private static final int LARGE = 4 << 20;

  private static final int ATTEMPTS = 3;

  private final long mostBytes;
  private final Map<String, Kept> answers = new LinkedHashMap<>();

  /** What went out on this stream and is not acknowledged; in order. */
  private final Queue<String> sent = new ArrayDeque<>();

  private long acknowledged;
  private long bytes;

  private static final class Kept {
    private final Envelope message;
    private int attempts;

    Kept(Envelope message) {
      this.message = message;
    }
  }

  /** An answer and whose it is. */
  record Answer(String invocationId, Envelope message) {}

  KeptAnswers(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  long bytes() {
    return bytes;
  }

  boolean full() {
    return bytes >= mostBytes || answers.size() >= MOST;
  }

  boolean isEmpty() {
    return answers.isEmpty();
  }

  List<String> ids() {
    return List.copyOf(answers.keySet());
  }

  void keep(Answer answer) {
    forget(answer.invocationId());
    answers.put(answer.invocationId(), new Kept(answer.message()));
    bytes += answer.message().length();
  }

  /** It goes out on this stream now. */
  void sending(String invocationId) {
    sent.add(invocationId);
    Kept kept = answers.get(invocationId);
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
  List<Answer> resume(Collection<String> offered, Collection<String> wanted) {
    Set<String> needed = Set.copyOf(wanted);
    for (String id : offered) {
      if (!needed.contains(id)) {
        forget(id);
      }
    }
    List<Answer> again = new ArrayList<>();
    answers.forEach(
        (id, kept) ->
            again.add(
                new Answer(
                    id,
                    kept.attempts >= ATTEMPTS && kept.message.length() >= LARGE
                        ? Messages.undeliverable(id, kept.message.length(), ATTEMPTS)
                        : kept.message)));
    return again;
  }

  private void forget(String id) {
    @Nullable Kept gone = answers.remove(id);
    if (gone != null) {
      bytes -= gone.message.length();
    }
  }
}
