/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.limits;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A first-in first-out queue with a bound on entries and on bytes, from which any entry can be
 * taken in constant time. Only callers that must wait come here, so that a lock is cheap enough.
 * Thread-safe; {@link #size} takes no lock.
 */
public final class BoundedQueue<T> {
  private final int maximumEntries;
  private final long maximumBytes;
  private final Map<T, Long> entries = new LinkedHashMap<>();
  private long bytes;
  private volatile int size;

  public BoundedQueue(int maximumEntries, long maximumBytes) {
    this.maximumEntries = maximumEntries;
    this.maximumBytes = maximumBytes;
  }

  /** False where it would be over a bound; one entry is always taken, however large. */
  public synchronized boolean offer(T entry, long entryBytes) {
    if (entries.size() >= maximumEntries
        || (!entries.isEmpty() && bytes + entryBytes > maximumBytes)) {
      return false;
    }
    entries.put(entry, entryBytes);
    bytes += entryBytes;
    size = entries.size();
    return true;
  }

  /** The longest waiting, or null. */
  public synchronized @Nullable T poll() {
    Iterator<Map.Entry<T, Long>> iterator = entries.entrySet().iterator();
    if (!iterator.hasNext()) {
      return null;
    }
    Map.Entry<T, Long> first = iterator.next();
    bytes -= first.getValue();
    T entry = first.getKey();
    iterator.remove();
    size = entries.size();
    return entry;
  }

  /**
   * Puts an entry that was polled back in its place at the head. It was admitted before, so that no
   * bound applies.
   */
  public synchronized void putBack(T entry, long entryBytes) {
    Map<T, Long> rest = new LinkedHashMap<>(entries);
    entries.clear();
    entries.put(entry, entryBytes);
    entries.putAll(rest);
    bytes += entryBytes;
    size = entries.size();
  }

  public synchronized boolean remove(T entry) {
    Long entryBytes = entries.remove(entry);
    if (entryBytes == null) {
      return false;
    }
    bytes -= entryBytes;
    size = entries.size();
    return true;
  }

  /** Takes all. */
  public synchronized List<T> drain() {
    List<T> all = new ArrayList<>(entries.keySet());
    entries.clear();
    bytes = 0;
    size = 0;
    return all;
  }

  public int size() {
    return size;
  }

  public int maximumEntries() {
    return maximumEntries;
  }
}
