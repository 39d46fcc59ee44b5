/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.concurrent;

import io.manyhands.spi.time.Scheduler.Cancellable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a timer wheel, hashed by the tick at which they are due. Putting and cancelling take
 * constant time and any thread; {@link #due} belongs to one thread.
 */
final class TimerBuckets {
  private final Bucket[] buckets;

  /** The last tick that is being visited or has been; a task that is put now comes after it. */
  private volatile long reached;

  TimerBuckets(int count) {
    buckets = new Bucket[count];
    for (int index = 0; index < count; index++) {
      buckets[index] = new Bucket();
    }
  }

  /** Due at that tick, or at the next one that has not been reached where it has gone by. */
  Cancellable put(Runnable task, long tick) {
    long at = tick;
    while (true) {
      at = Math.max(at, reached + 1);
      Entry entry = new Entry(task, at, bucket(at));
      if (entry.bucket.link(entry)) {
        return entry;
      }
    }
  }

  /** Takes out what is due up to that tick. */
  List<Runnable> due(long tick) {
    // After a stall of more than a whole turn one turn visits every bucket.
    long from = Math.max(reached + 1, tick - buckets.length + 1);
    if (from > tick) {
      return List.of();
    }
    // Before the first bucket is visited: who is late sees it under that bucket's lock.
    reached = tick;
    List<Runnable> due = new ArrayList<>();
    for (long at = from; at <= tick; at++) {
      bucket(at).take(tick, due);
    }
    return due;
  }

  private Bucket bucket(long tick) {
    return buckets[(int) (tick % buckets.length)];
  }

  /** A doubly linked list under its own lock, newest first. */
  private final class Bucket {
    private @Nullable Entry head;

    /** False where its tick has been reached meanwhile: it would stay for a whole turn. */
    synchronized boolean link(Entry entry) {
      if (entry.tick <= reached) {
        return false;
      }
      entry.next = head;
      if (head != null) {
        head.previous = entry;
      }
      head = entry;
      entry.linked = true;
      return true;
    }

    synchronized boolean unlink(Entry entry) {
      if (!entry.linked) {
        return false;
      }
      entry.linked = false;
      if (entry.previous != null) {
        entry.previous.next = entry.next;
      } else {
        head = entry.next;
      }
      if (entry.next != null) {
        entry.next.previous = entry.previous;
      }
      entry.previous = null;
      entry.next = null;
      return true;
    }

    synchronized void take(long tick, List<Runnable> due) {
      int before = due.size();
      Entry entry = head;
      while (entry != null) {
        Entry following = entry.next;
        if (entry.tick <= tick) {
          boolean unused = unlink(entry);
          // Who was scheduled first runs first.
          due.add(before, entry.task);
        }
        entry = following;
      }
    }
  }

  private static final class Entry implements Cancellable {
    private final Runnable task;
    private final long tick;
    private final Bucket bucket;
    private @Nullable Entry previous;
    private @Nullable Entry next;
    private boolean linked;

    Entry(Runnable task, long tick, Bucket bucket) {
      this.task = task;
      this.tick = tick;
      this.bucket = bucket;
    }

    @Override
    public boolean cancel() {
      return bucket.unlink(this);
    }
  }
}
