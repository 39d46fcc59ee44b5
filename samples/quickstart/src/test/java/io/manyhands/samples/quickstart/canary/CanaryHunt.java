/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart.canary;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/** Looks for secrets wherever they might turn up. Thread-safe but for {@link #hide}. */
final class CanaryHunt {
  private record Canary(String secret, Set<String> homes) {}

  private final Map<String, Canary> canaries = new LinkedHashMap<>();
  private final Set<String> leaks = new ConcurrentSkipListSet<>();
  private final Set<String> seen = new ConcurrentSkipListSet<>();

  /**
   * @param homes the places where it may be, and is expected
   */
  String hide(String name, String... homes) {
    String secret = "canary-" + name + "-6f1d0b9a";
    canaries.put(name, new Canary(secret, Set.of(homes)));
    return secret;
  }

  void look(String place, String text) {
    canaries.forEach(
        (name, canary) -> {
          if (text.contains(canary.secret())) {
            (canary.homes().contains(place) ? seen : leaks).add(name + " in " + place);
          }
        });
  }

  /** Each as {@code name in place}. */
  Set<String> leaks() {
    return new TreeSet<>(leaks);
  }

  /** Canaries that were not even found where they belong: then nothing was looked at. */
  Set<String> missed() {
    Set<String> missed = new TreeSet<>();
    canaries.forEach(
        (name, canary) ->
            canary.homes().stream()
                .map(home -> name + " in " + home)
                .filter(expected -> !seen.contains(expected))
                .forEach(missed::add));
    return missed;
  }
}
