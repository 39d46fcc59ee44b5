/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Percent-encoded text of URLs. */
final class PercentCoding {
  private PercentCoding() {}

  /** Empty where an escape is malformed or the octets are no UTF-8. */
  static Optional<String> decode(String text, boolean plusIsSpace) {
    byte[] octets = new byte[text.length() * 3];
    int length = 0;
    for (int index = 0; index < text.length(); index++) {
      char character = text.charAt(index);
      if (character == '%') {
        int high = index + 2 < text.length() ? digit(text.charAt(index + 1)) : -1;
        int low = high < 0 ? -1 : digit(text.charAt(index + 2));
        if (low < 0) {
          return Optional.empty();
        }
        octets[length++] = (byte) (high << 4 | low);
        index += 2;
      } else if (character == '+' && plusIsSpace) {
        octets[length++] = ' ';
      } else if (character < 0x80) {
        octets[length++] = (byte) character;
      } else {
        // Not escaped, though it should be: it stands for itself.
        int end = index + (Character.isHighSurrogate(character) ? 2 : 1);
        byte[] own =
            text.substring(index, Math.min(end, text.length())).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(own, 0, octets, length, own.length);
        length += own.length;
        index += end - index - 1;
      }
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(octets, 0, length))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /**
   * The parameters of a query, several values of a name joined with a comma. What cannot be decoded
   * stays as it came: the function can look at the URL as well.
   */
  static Map<String, String> query(@Nullable String query) {
    if (query == null || query.isEmpty()) {
      return Map.of();
    }
    Map<String, String> found = new LinkedHashMap<>();
    int start = 0;
    while (start <= query.length()) {
      int ampersand = query.indexOf('&', start);
      int end = ampersand < 0 ? query.length() : ampersand;
      if (end > start) {
        int equals = query.indexOf('=', start);
        boolean valued = equals >= 0 && equals < end;
        String name = query.substring(start, valued ? equals : end);
        String value = valued ? query.substring(equals + 1, end) : "";
        found.merge(
            decode(name, true).orElse(name),
            decode(value, true).orElse(value),
            (first, second) -> first + "," + second);
      }
      start = end + 1;
    }
    return found;
  }

  private static int digit(char character) {
    return character < 0x80 ? Character.digit(character, 16) : -1;
  }
}
