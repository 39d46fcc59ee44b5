/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import io.manyhands.api.app.AccessKeyManager.KeyId;
import io.manyhands.api.app.AccessKeyManager.Level;
import io.manyhands.api.app.AccessKeys;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The keys that were made for one application. Immutable. */
record MadeKeys(Map<String, String> host, Map<String, Map<String, String>> function) {
  static final MadeKeys NONE = new MadeKeys(Map.of(), Map.of());

  int size() {
    return host.size() + function.values().stream().mapToInt(Map::size).sum();
  }

  boolean has(KeyId id) {
    return of(id).containsKey(id.name());
  }

  MadeKeys with(KeyId id, String secret) {
    Map<String, String> changed = new TreeMap<>(of(id));
    changed.put(id.name(), secret);
    return with(id, changed);
  }

  MadeKeys without(KeyId id) {
    Map<String, String> changed = new TreeMap<>(of(id));
    changed.remove(id.name());
    return with(id, changed);
  }

  void each(BiConsumer<KeyId, String> action) {
    host.forEach(
        (name, secret) ->
            action.accept(
                name.equals(AccessKeys.MASTER) ? KeyId.master() : KeyId.host(name), secret));
    function.forEach(
        (of, keys) ->
            keys.forEach((name, secret) -> action.accept(KeyId.function(of, name), secret)));
  }

  AccessKeys published() {
    return new AccessKeys(host, function);
  }

  private Map<String, String> of(KeyId id) {
    return id.level() == Level.FUNCTION ? function.getOrDefault(id.function(), Map.of()) : host;
  }

  private MadeKeys with(KeyId id, Map<String, String> changed) {
    if (id.level() != Level.FUNCTION) {
      return new MadeKeys(changed, function);
    }
    Map<String, Map<String, String>> functions = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    functions.putAll(function);
    functions.put(id.function(), changed);
    if (changed.isEmpty()) {
      functions.remove(id.function());
    }
    return new MadeKeys(host, functions);
  }

  /** Without the keys. */
  @Override
  public String toString() {
    return "MadeKeys[" + size() + "]";
  }
}
