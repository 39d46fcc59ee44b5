/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.limits;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A first-in first-out queue with a bound on entries and on bytes, from which any entry can be
 * taken, and to whose head one can be put back, in constant time. Only callers that must wait come
 * here, so that a lock is cheap enough. Thread-safe; {@link #size} takes no lock.
 */
public final class BoundedQueue<T> {
  private final int maximumEntries;
  private final long maximumBytes;
  private final Map<T, Node<T>> nodes = new HashMap<>();
  private @Nullable Node<T> first;
  private @Nullable Node<T> last;
  private long bytes;
  private volatile int size;

  /** In its place among the others. */
  private static final class Node<T> {
    private final T entry;
    private final long bytes;
    private @Nullable Node<T> before;
    private @Nullable Node<T> after;

    Node(T entry, long bytes) {
      this.entry = entry;
      this.bytes = bytes;
    }
  }

  public BoundedQueue(int maximumEntries, long maximumBytes) {
    this.maximumEntries = maximumEntries;
    this.maximumBytes = maximumBytes;
  }

  /** False where it would be over a bound; one entry is always taken, however large. */
  public synchronized boolean offer(T entry, long entryBytes) {
    if (nodes.size() >= maximumEntries || (!nodes.isEmpty() && bytes + entryBytes > maximumBytes)) {
      return false;
    }
    Node<T> node = new Node<>(entry, entryBytes);
    Node<T> tail = last;
    node.before = tail;
    if (tail == null) {
      first = node;
    } else {
      tail.after = node;
    }
    last = node;
    count(node);
    return true;
  }

  /** The same, before all others. */
  public synchronized boolean offerFirst(T entry, long entryBytes) {
    if (nodes.size() >= maximumEntries || (!nodes.isEmpty() && bytes + entryBytes > maximumBytes)) {
      return false;
    }
    putBack(entry, entryBytes);
    return true;
  }

  /** All, in their order. */
  public synchronized List<T> entries() {
    List<T> all = new ArrayList<>(nodes.size());
    for (Node<T> node = first; node != null; node = node.after) {
      all.add(node.entry);
    }
    return all;
  }

  /** The longest waiting, or null. */
  public synchronized @Nullable T poll() {
    Node<T> head = first;
    if (head == null) {
      return null;
    }
    unlink(head);
    return head.entry;
  }

  /**
   * Puts an entry that was polled back in its place at the head. It was admitted before, so that no
   * bound applies.
   */
  public synchronized void putBack(T entry, long entryBytes) {
    Node<T> node = new Node<>(entry, entryBytes);
    Node<T> head = first;
    node.after = head;
    if (head == null) {
      last = node;
    } else {
      head.before = node;
    }
    first = node;
    count(node);
  }

  public synchronized boolean remove(T entry) {
    Node<T> node = nodes.get(entry);
    if (node == null) {
      return false;
    }
    unlink(node);
    return true;
  }

  /** Takes all. */
  public synchronized List<T> drain() {
    List<T> all = entries();
    nodes.clear();
    first = null;
    last = null;
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

  private void count(Node<T> node) {
    nodes.put(node.entry, node);
    bytes += node.bytes;
    size = nodes.size();
  }

  private void unlink(Node<T> node) {
    Node<T> before = node.before;
    Node<T> after = node.after;
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.before = before;
    }
    nodes.remove(node.entry);
    bytes -= node.bytes;
    size = nodes.size();
  }
}
