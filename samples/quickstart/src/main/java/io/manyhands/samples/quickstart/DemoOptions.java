/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The demo's command line.
 *
 * @param once end after the tour
 * @param required stacks without which the demo fails
 */
record DemoOptions(boolean once, Set<String> required) {
  private static final Set<String> STACKS = Set.of("manyhands-java", "node", "python");

  static DemoOptions parse(List<String> words) {
    boolean once = false;
    Set<String> required = new TreeSet<>();
    for (int index = 0; index < words.size(); index++) {
      String word = words.get(index);
      if (word.equals("--once")) {
        once = true;
      } else if (word.equals("--require") && index + 1 < words.size()) {
        for (String stack : words.get(++index).split(",")) {
          if (!STACKS.contains(stack)) {
            throw new IllegalArgumentException(
                "--require "
                    + stack
                    + " (expected: some of "
                    + new TreeSet<>(STACKS)
                    + ", comma-separated)");
          }
          required.add(stack);
        }
      } else {
        throw new IllegalArgumentException(
            "unknown option " + word + " (expected: --once, --require node,python)");
      }
    }
    return new DemoOptions(once, required);
  }
}
