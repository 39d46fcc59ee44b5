/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Paths of requests, read strictly: what two readers could read differently is refused. */
final class Paths {
  private Paths() {}

  /** False for dot segments, empty segments, encoded slashes and control characters. */
  static boolean isClean(String path) {
    if (!path.startsWith("/")
        || path.contains("//")
        || path.indexOf('\\') >= 0
        || path.indexOf(';') >= 0) {
      return false;
    }
    String lower = path.toLowerCase(Locale.ROOT);
    if (lower.contains("%2f") || lower.contains("%5c") || lower.contains("%00")) {
      return false;
    }
    try {
      for (String segment : segments(path)) {
        if (segment.equals(".")
            || segment.equals("..")
            || segment.chars().anyMatch(Character::isISOControl)) {
          return false;
        }
      }
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Decoded segments; a slash at the end makes none. */
  static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String part : path.split("/")) {
      if (!part.isEmpty()) {
        segments.add(URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
      }
    }
    return segments;
  }
}
