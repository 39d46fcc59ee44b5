/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** How often each thing happened, by its name. */
final class Tally {
  private final SortedMap<String, Long> counts = new TreeMap<>();

  void add(String name) {
    counts.merge(name, 1L, Long::sum);
  }

  long count(String name) {
    return counts.getOrDefault(name, 0L);
  }

  SortedMap<String, Long> counts() {
    return Collections.unmodifiableSortedMap(counts);
  }
}
