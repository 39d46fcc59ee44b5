/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.testkit.VirtualTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Everything that happened, in order: a count, a hash by which two runs are compared, and the last
 * lines. On the simulation's thread.
 */
final class EventTrace {
  private static final int TAIL = 60;
  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final VirtualTime time;
  private final Consumer<String> reader;
  private final Deque<String> tail = new ArrayDeque<>(TAIL);
  private long hash = FNV_BASIS;
  private long events;

  /**
   * @param reader is told each line as it comes
   */
  EventTrace(VirtualTime time, Consumer<String> reader) {
    this.time = time;
    this.reader = reader;
  }

  /** One event. */
  void add(String event) {
    events++;
    long nanos = time.nanos();
    mix(nanos);
    for (int index = 0; index < event.length(); index++) {
      mix(event.charAt(index));
    }
    comment(event);
  }

  /** Something for the reader alone: neither counted nor hashed. */
  void comment(String text) {
    String line =
        String.format(Locale.ROOT, "%12.6f ", time.nanos() / 1_000_000_000.0).concat(text);
    if (tail.size() == TAIL) {
      tail.removeFirst();
    }
    tail.addLast(line);
    reader.accept(line);
  }

  long events() {
    return events;
  }

  /** Of every event and its time. */
  long hash() {
    return hash;
  }

  /** The last lines, oldest first. */
  List<String> tail() {
    return new ArrayList<>(tail);
  }

  private void mix(long value) {
    hash = (hash ^ value) * FNV_PRIME;
  }
}
