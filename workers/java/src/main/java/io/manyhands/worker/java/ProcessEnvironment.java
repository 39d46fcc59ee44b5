/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.Map;

/**
 * Replaces what {@link System#getenv} tells. The JDK keeps the environment in an unmodifiable map
 * over one that is not; the worker is started with {@code --add-opens
 * java.base/java.util=ALL-UNNAMED} so that the inner one can be reached. Child processes of
 * functions get the new environment too.
 */
final class ProcessEnvironment {
  private ProcessEnvironment() {}

  static void replace(Map<String, String> environment) throws ReflectiveOperationException {
    Map<String, String> seen = System.getenv();
    Field inner = seen.getClass().getDeclaredField("m");
    inner.setAccessible(true);
    @SuppressWarnings("unchecked")
    Map<String, String> values = (Map<String, String>) inner.get(seen);
    Map<String, String> next = new HashMap<>(environment);
    values.keySet().removeIf(name -> !next.containsKey(name));
    values.putAll(next);
  }
}
