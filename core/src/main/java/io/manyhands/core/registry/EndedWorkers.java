/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.registry;

import io.manyhands.api.worker.WorkerId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last workers that ended, by id, with their provisioner's name; bounded. Thread-safe. */
final class EndedWorkers {
  private static final int KEPT = 4096;

  private final Map<WorkerId, String> origins =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<WorkerId, String> eldest) {
          return size() > KEPT;
        }
      };

  synchronized void add(WorkerId id, String origin) {
    origins.put(id, origin);
  }

  synchronized @Nullable String originOf(WorkerId id) {
    return origins.get(id);
  }
}
