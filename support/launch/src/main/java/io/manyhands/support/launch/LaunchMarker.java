/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

  private static final String SEPARATOR = ",";
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

  /**
   * What a process of this launch carries: this marker and, where this JVM was itself launched so,
   * those that it carries, by which whoever launched it finds its launches too.
   */
  public String carried() {
    return carried(System.getenv(VARIABLE));
  }

  String carried(@Nullable String own) {
    return own == null || own.isEmpty() ? value : value + SEPARATOR + own;
  }

  /** Whether it is among what a process carries. */
  boolean isIn(String carried) {
    return carried.equals(value) || List.of(carried.split(SEPARATOR)).contains(value);
  }
}
