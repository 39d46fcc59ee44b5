/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Fields in clear, then an HMAC-SHA256 over them: a bearer may read them and cannot make them. The
 * first field says what kind of text it is. Thread-safe.
 */
final class SignedText {
  private static final String ALGORITHM = "HmacSHA256";

  /** Longer than any that was issued: whatever is longer need not be looked at. */
  private static final int LONGEST = 4096;

  private final SecretKeySpec key;

  SignedText(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /** No field holds a line break. */
  String sign(List<String> fields) {
    String text = String.join("\n", fields);
    return encode(text.getBytes(StandardCharsets.UTF_8)) + "." + encode(mac(text));
  }

  /** The fields of a text that was signed with this key; empty for everything else. */
  Optional<List<String>> verify(String signed) {
    int dot = signed.indexOf('.');
    if (dot < 0 || signed.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      Base64.Decoder decoder = Base64.getUrlDecoder();
      String text = new String(decoder.decode(signed.substring(0, dot)), StandardCharsets.UTF_8);
      return MessageDigest.isEqual(mac(text), decoder.decode(signed.substring(dot + 1)))
          ? Optional.of(List.of(text.split("\n", -1)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private byte[] mac(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(ALGORITHM + " belongs to every Java platform", e);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
