/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Applications that can give a worker away when there is no room for another's first: those that
 * are idle, the longest first, then those with the most workers. On the placement strand.
 */
final class Givers {
  private final Set<AppPlacement> idle = new LinkedHashSet<>();
  private final TreeMap<Integer, Set<AppPlacement>> bySize = new TreeMap<>();
  private final Map<AppPlacement, Integer> sizes = new java.util.HashMap<>();

  /** Files the application anew after its workers, its limits or its idleness have changed. */
  void file(AppPlacement application) {
    int workers = application.isClosed() ? 0 : application.counted();
    int spare = workers - application.terms().limits().minimumWorkers();
    if (spare > 0 && application.isIdle()) {
      idle.add(application);
    } else {
      idle.remove(application);
    }
    int size = spare > 0 && workers > 1 ? workers : 0;
    Integer before = size == 0 ? sizes.remove(application) : sizes.put(application, size);
    if (before != null && before != size) {
      Set<AppPlacement> alike = bySize.get(before);
      if (alike != null) {
        alike.remove(application);
        if (alike.isEmpty()) {
          bySize.remove(before);
        }
      }
    }
    if (size > 0) {
      bySize.computeIfAbsent(size, key -> new LinkedHashSet<>()).add(application);
    }
  }

  /** The one that has been idle longest. */
  Optional<AppPlacement> idle() {
    return idle.stream().findFirst();
  }

  /** One of those with the most workers, at least two. */
  Optional<AppPlacement> largest() {
    return bySize.isEmpty() ? Optional.empty() : bySize.lastEntry().getValue().stream().findFirst();
  }

  boolean isEmpty() {
    return idle.isEmpty() && bySize.isEmpty();
  }
}
