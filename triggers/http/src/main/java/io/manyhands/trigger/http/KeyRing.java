/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.api.app.AccessKeys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys that open an application's functions. All that could fit are compared, each in constant
 * time: how long it takes tells nothing of a key. Immutable; never shows a key.
 */
final class KeyRing {
  private final List<byte[]> master = new ArrayList<>();
  private final List<byte[]> host = new ArrayList<>();
  private final Map<String, List<byte[]>> function = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /** Of a definition, and those that were made for it; of two with one name both are good. */
  KeyRing(AccessKeys... all) {
    for (AccessKeys keys : all) {
      host.addAll(bytes(keys.host()));
      String masterKey = keys.host().getOrDefault(AccessKeys.MASTER, "");
      if (!masterKey.isEmpty()) {
        master.add(masterKey.getBytes(StandardCharsets.UTF_8));
      }
      keys.function()
          .forEach(
              (name, values) ->
                  function.computeIfAbsent(name, first -> new ArrayList<>()).addAll(bytes(values)));
    }
  }

  /** Whether what a caller presents, if anything, opens the function. */
  boolean opens(String functionName, RouteSet.Access access, @Nullable String presented) {
    if (access == RouteSet.Access.ANONYMOUS) {
      return true;
    }
    if (presented == null || presented.isEmpty()) {
      return false;
    }
    byte[] given = presented.getBytes(StandardCharsets.UTF_8);
    if (access == RouteSet.Access.ADMIN) {
      return isAmong(master, given);
    }
    boolean opensHost = isAmong(host, given);
    boolean opensFunction = isAmong(function.getOrDefault(functionName, List.of()), given);
    return opensHost || opensFunction;
  }

  private static boolean isAmong(List<byte[]> keys, byte[] given) {
    boolean found = false;
    for (byte[] key : keys) {
      found |= MessageDigest.isEqual(given, key);
    }
    return found;
  }

  /** An empty key opens nothing. */
  private static List<byte[]> bytes(Map<String, String> keys) {
    List<byte[]> bytes = new ArrayList<>();
    for (String key : keys.values()) {
      if (!key.isEmpty()) {
        bytes.add(key.getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes;
  }

  @Override
  public String toString() {
    return "KeyRing[" + host.size() + " host, " + function.size() + " functions]";
  }
}
