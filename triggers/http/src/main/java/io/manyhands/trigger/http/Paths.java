/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Paths of requests, read strictly: what two readers could read differently is refused. */
final class Paths {
  private Paths() {}

  /**
   * The decoded segments of a path as the client sent it; a slash at the end makes none. Empty for
   * what is refused: dot segments, empty segments, encoded slashes, semicolons, control characters,
   * octets that are no UTF-8, and characters that have no place in a URL.
   */
  static Optional<List<String>> segments(String path) {
    if (!path.startsWith("/")) {
      return Optional.empty();
    }
    List<String> segments = new ArrayList<>();
    int start = 1;
    while (start < path.length()) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      String segment = segment(path.substring(start, end));
      if (segment.isEmpty()) {
        return Optional.empty();
      }
      segments.add(segment);
      start = end + 1;
    }
    return Optional.of(segments);
  }

  /** Empty where it is refused. */
  private static String segment(String raw) {
    boolean encoded = false;
    for (int index = 0; index < raw.length(); index++) {
      char character = raw.charAt(index);
      if (character <= ' ' || character > '~' || character == '\\' || character == ';') {
        return "";
      }
      encoded |= character == '%';
    }
    String segment = encoded ? PercentCoding.decode(raw, false).orElse("") : raw;
    boolean refused =
        segment.equals(".")
            || segment.equals("..")
            || segment
                .chars()
                .anyMatch(
                    character ->
                        character == '/' || character == '\\' || Character.isISOControl(character));
    return refused ? "" : segment;
  }
}
