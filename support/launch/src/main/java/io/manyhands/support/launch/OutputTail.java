/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The newest lines of a process, within bounds. Safe for any thread. */
final class OutputTail {
  private final OutputLimits limits;
  private final Deque<OutputLine> lines = new ArrayDeque<>();
  private int bytes;

  OutputTail(OutputLimits limits) {
    this.limits = limits;
  }

  synchronized void add(OutputLine line) {
    lines.addLast(line);
    bytes += size(line);
    while (lines.size() > limits.lines() || (bytes > limits.totalBytes() && !lines.isEmpty())) {
      bytes -= size(lines.removeFirst());
    }
  }

  synchronized List<OutputLine> snapshot() {
    return new ArrayList<>(lines);
  }

  private static int size(OutputLine line) {
    return line.text().getBytes(StandardCharsets.UTF_8).length;
  }
}
