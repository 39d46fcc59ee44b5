/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A random name that a launch gives to every process of its tree, in the environment variable
 * {@value #VARIABLE}, so that even those that left the session are found again. It is no
 * credential: unlike the worker id it opens nothing.
 *
 * @param value 32 hexadecimal digits
 */
public record LaunchMarker(String value) {

  /** The environment variable that carries it. */
  public static final String VARIABLE = "MANYHANDS_LAUNCH";

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");

  public LaunchMarker {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "launch marker is \"%s\" (expected: 32 hexadecimal digits)".formatted(value));
    }
  }

  public static LaunchMarker random() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return new LaunchMarker(HexFormat.of().formatHex(bytes));
  }
}
