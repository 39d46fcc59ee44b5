/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import java.util.Locale;
import java.util.Set;

/** What may stand in a header of an answer. */
final class HeaderRules {
  private static final Set<String> SERVERS =
      Set.of(
          "connection",
          "keep-alive",
          "transfer-encoding",
          "content-length",
          "upgrade",
          "trailer",
          "te",
          "proxy-connection");

  private HeaderRules() {}

  /** True for those that the server writes itself. */
  static boolean isServers(String name) {
    return SERVERS.contains(name.toLowerCase(Locale.ROOT));
  }

  /** A token of RFC 9110. */
  static boolean isName(String name) {
    return !name.isEmpty() && name.chars().allMatch(HeaderRules::isTokenCharacter);
  }

  /** A line break would begin another header. */
  static boolean isValue(String value) {
    return value
        .chars()
        .noneMatch(character -> (character < 0x20 && character != '\t') || character == 0x7f);
  }

  private static boolean isTokenCharacter(int character) {
    return (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || (character >= '0' && character <= '9')
        || "!#$%&'*+-.^_`|~".indexOf(character) >= 0;
  }
}
