/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import java.util.Map;
import java.util.TreeMap;

/** What a worker says that it can (P-CAP-1). */
final class Capabilities {
  private Capabilities() {}

  static Map<String, String> of(String value, String... names) {
    Map<String, String> capabilities = new TreeMap<>();
    for (String name : names) {
      capabilities.put(name, value);
    }
    return capabilities;
  }

  /** Java's values are the names. */
  static Map<String, String> named(String... names) {
    Map<String, String> capabilities = new TreeMap<>();
    for (String name : names) {
      capabilities.put(name, name);
    }
    return capabilities;
  }
}
