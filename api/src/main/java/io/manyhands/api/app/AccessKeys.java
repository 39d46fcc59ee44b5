/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.app;

import java.util.Map;
import java.util.Objects;

/**
 * Keys that callers present. Their values never appear in {@link #toString}.
 *
 * @param host keys by name, good for every function; the one named {@link #MASTER} opens those,
 *     too, that ask for the master key
 * @param function keys by function name, then by key name
 */
public record AccessKeys(Map<String, String> host, Map<String, Map<String, String>> function) {
  /** The name of the host key that is the master key. */
  public static final String MASTER = "_master";

  private static final AccessKeys NONE = new AccessKeys(Map.of(), Map.of());

  public AccessKeys {
    host = Map.copyOf(host);
    function = copy(function);
  }

  /** No keys: functions that ask for one cannot be called. */
  public static AccessKeys none() {
    return NONE;
  }

  /** True where there is no key. */
  public boolean isEmpty() {
    return host.isEmpty() && function.values().stream().allMatch(Map::isEmpty);
  }

  private static Map<String, Map<String, String>> copy(Map<String, Map<String, String>> keys) {
    Map<String, Map<String, String>> copy = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    keys.forEach((name, values) -> copy.put(Objects.requireNonNull(name), Map.copyOf(values)));
    return java.util.Collections.unmodifiableMap(copy);
  }

  @Override
  public String toString() {
    return "AccessKeys[" + host.size() + " host, " + function.size() + " functions]";
  }
}
