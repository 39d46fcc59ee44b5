/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.spi.transport.WorkerMessage;
import java.util.Map;
import java.util.TreeMap;

/** What a worker says that it can do. Immutable. */
final class WorkerCapabilities {
  private static final WorkerCapabilities NONE = new WorkerCapabilities(Map.of());

  private final Map<String, String> values;

  private WorkerCapabilities(Map<String, String> values) {
    this.values = values;
  }

  static WorkerCapabilities none() {
    return NONE;
  }

  static WorkerCapabilities of(Map<String, String> values) {
    return new WorkerCapabilities(Map.copyOf(values));
  }

  /** Some workers give the key's own name as the value: any text but "false" says yes. */
  boolean has(String name) {
    String value = values.get(name);
    return value != null && !value.isEmpty() && !value.equalsIgnoreCase("false");
  }

  /** With those of a reload, or those alone where it says so. */
  WorkerCapabilities reloaded(WorkerMessage.EnvironmentReloadResponse response) {
    Map<String, String> next = new TreeMap<>(response.replaceCapabilities() ? Map.of() : values);
    next.putAll(response.capabilities());
    return of(next);
  }
}
