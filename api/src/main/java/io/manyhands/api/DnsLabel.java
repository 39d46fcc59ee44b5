/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api;

import java.util.regex.Pattern;

/**
 * Names that stand in host names and paths: 1 to 63 lower-case letters, digits and inner hyphens.
 */
public final class DnsLabel {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private DnsLabel() {}

  /**
   * Returns the value, or throws INVALID_ARGUMENT naming it.
   *
   * @param what the name of the thing, for the message
   */
  public static String check(String what, String value) {
    if (!LABEL.matcher(value).matches()) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          what
              + ": \""
              + abbreviate(value)
              + "\" (expected: a DNS label, 1 to 63 of a-z, 0-9 and inner hyphens)");
    }
    return value;
  }

  private static String abbreviate(String value) {
    return value.length() > 80 ? value.substring(0, 80) + "..." : value;
  }
}
