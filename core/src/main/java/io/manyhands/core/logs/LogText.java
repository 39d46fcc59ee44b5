/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.logs;

/**
 * Text of strangers in a log: one line of bounded length, so that what one tenant writes never
 * passes for a line of another or of the Runtime.
 */
final class LogText {
  private static final int LONGEST_LINE = 4096;
  private static final int LONGEST_NAME = 128;

  private LogText() {}

  /** Line ends and whatever else moves a cursor or turns the direction of writing is escaped. */
  static String line(String text) {
    String cut = cut(text, LONGEST_LINE);
    int end = cut.length();
    StringBuilder clean = new StringBuilder(end + 16);
    for (int index = 0; index < end; index++) {
      char character = cut.charAt(index);
      switch (character) {
        case '\n' -> clean.append("\\n");
        case '\r' -> clean.append("\\r");
        case '\t' -> clean.append(character);
        default -> {
          if (isTreacherous(character)) {
            clean.append(String.format("\\u%04x", (int) character));
          } else {
            clean.append(character);
          }
        }
      }
    }
    if (end < text.length()) {
      clean.append("... (").append(text.length()).append(" characters)");
    }
    return clean.toString();
  }

  /** What may stand in a logger's name or in the MDC: nothing that ends a name or a field. */
  static String name(String text) {
    return cut(text, LONGEST_NAME).replaceAll("[^A-Za-z0-9_-]", "_");
  }

  private static boolean isTreacherous(char character) {
    return Character.isISOControl(character)
        || character == '\u2028'
        || character == '\u2029'
        || (character >= '\u202a' && character <= '\u202e')
        || (character >= '\u2066' && character <= '\u2069');
  }

  private static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    return text.substring(
        0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
  }
}
