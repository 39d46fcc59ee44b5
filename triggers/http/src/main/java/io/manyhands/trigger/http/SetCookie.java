/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.api.invocation.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The Set-Cookie header of a cookie. */
final class SetCookie {
  private SetCookie() {}

  /**
   * Characters that may not stand in a value are percent-encoded; empty where name or attributes
   * are not of the required form.
   */
  static Optional<String> text(Payload.Cookie cookie) {
    if (!HeaderRules.isName(cookie.name())) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder(cookie.name()).append('=');
    for (byte octet : cookie.value().getBytes(StandardCharsets.UTF_8)) {
      if (isCookieOctet(octet)) {
        text.append((char) octet);
      } else {
        text.append('%')
            .append(Character.toUpperCase(Character.forDigit((octet >> 4) & 0xf, 16)))
            .append(Character.toUpperCase(Character.forDigit(octet & 0xf, 16)));
      }
    }
    for (String attribute : cookie.attributes()) {
      if (attribute.indexOf(';') >= 0 || !HeaderRules.isValue(attribute)) {
        return Optional.empty();
      }
      text.append("; ").append(attribute);
    }
    return Optional.of(text.toString());
  }

  /** RFC 6265, 4.1.1. */
  private static boolean isCookieOctet(byte octet) {
    return octet > 0x20
        && octet < 0x7f
        && octet != '"'
        && octet != ','
        && octet != ';'
        && octet != '\\';
  }
}
