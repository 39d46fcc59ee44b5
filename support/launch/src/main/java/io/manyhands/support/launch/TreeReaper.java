/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals process trees, many with one look at the process table, and looks again until those to be
 * killed are gone. Its work runs on the supervisor's one thread, which alone touches the list of
 * the doomed; the queues take from any thread.
 */
final class TreeReaper {
  private static final Logger LOG = LoggerFactory.getLogger(TreeReaper.class);
  private static final long FIRST_PAUSE_MILLIS = 5;
  private static final long LONGEST_PAUSE_MILLIS = 200;
  private static final long GIVE_UP_NANOS = Duration.ofSeconds(15).toNanos();

  /**
   * A tree to be killed.
   *
   * @param tree which
   * @param sessionPinned see {@link ProcessTree#members}
   * @param firstGone whether the JDK, too, has seen the end of the first process
   * @param done is told the survivors, once, on the supervisor's thread
   */
  record Doomed(
      ProcessTree tree,
      boolean sessionPinned,
      BooleanSupplier firstGone,
      Consumer<List<Long>> done) {}

  private static final class Entry {
    private final Doomed doomed;
    private final long since = System.nanoTime();

    Entry(Doomed doomed) {
      this.doomed = doomed;
    }
  }

  private final ScheduledExecutorService executor;
  private final Supplier<Set<Long>> liveSessions;
  private final Queue<ProcessTree> toTerminate = new ConcurrentLinkedQueue<>();
  private final Queue<Entry> toKill = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final List<Entry> doomed = new ArrayList<>();
  private long pauseMillis = FIRST_PAUSE_MILLIS;
  private boolean again;

  /**
   * @param liveSessions the sessions of all trees whose first process runs
   */
  TreeReaper(ScheduledExecutorService executor, Supplier<Set<Long>> liveSessions) {
    this.executor = executor;
    this.liveSessions = liveSessions;
  }

  void terminate(ProcessTree tree) {
    toTerminate.add(tree);
    wake();
  }

  void kill(Doomed tree) {
    toKill.add(new Entry(tree));
    wake();
  }

  private void wake() {
    if (scheduled.compareAndSet(false, true) || executor.isShutdown()) {
      try {
        executor.execute(this::step);
      } catch (RejectedExecutionException e) {
        LOG.debug("closed while ending a process tree", e);
        for (Entry entry = toKill.poll(); entry != null; entry = toKill.poll()) {
          tell(entry.doomed, List.of(entry.doomed.tree().pid()));
        }
      }
    }
  }

  /** Gives up what is not done yet. Only after the executor has ended. */
  void abandon() {
    for (Entry entry = toKill.poll(); entry != null; entry = toKill.poll()) {
      doomed.add(entry);
    }
    doomed.forEach(entry -> tell(entry.doomed, List.of(entry.doomed.tree().pid())));
    doomed.clear();
  }

  private void step() {
    // Cleared first: what is added from here on wakes again.
    scheduled.set(false);
    List<ProcessTree> asked = new ArrayList<>();
    for (ProcessTree tree = toTerminate.poll(); tree != null; tree = toTerminate.poll()) {
      asked.add(tree);
    }
    for (Entry entry = toKill.poll(); entry != null; entry = toKill.poll()) {
      doomed.add(entry);
      pauseMillis = FIRST_PAUSE_MILLIS;
    }
    if (asked.isEmpty() && doomed.isEmpty()) {
      return;
    }
    ProcessTable table = ProcessTable.snapshot();
    Set<Long> sessions = liveSessions.get();
    for (ProcessTree tree : asked) {
      tree.members(table, others(sessions, tree), true).forEach(e -> ProcessTree.signal(e, false));
    }
    List<Entry> finished = new ArrayList<>();
    List<List<Long>> survivors = new ArrayList<>();
    for (Entry entry : doomed) {
      Doomed each = entry.doomed;
      Collection<ProcessEntry> members =
          each.tree().members(table, others(sessions, each.tree()), each.sessionPinned());
      members.forEach(member -> ProcessTree.signal(member, true));
      boolean late = System.nanoTime() - entry.since > GIVE_UP_NANOS;
      if ((members.isEmpty() && each.firstGone().getAsBoolean()) || late) {
        finished.add(entry);
        survivors.add(members.stream().map(ProcessEntry::pid).toList());
      }
    }
    doomed.removeAll(finished);
    if (!doomed.isEmpty()) {
      again();
    }
    for (int i = 0; i < finished.size(); i++) {
      tell(finished.get(i).doomed, survivors.get(i));
    }
  }

  /** Apart from {@link #wake}, so that a tree that is slow to end does not delay the next. */
  private void again() {
    if (again) {
      return;
    }
    again = true;
    try {
      executor.schedule(
          () -> {
            again = false;
            step();
          },
          pauseMillis,
          TimeUnit.MILLISECONDS);
      pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed while ending {} process trees", doomed.size(), e);
    }
  }

  private static void tell(Doomed tree, List<Long> survivors) {
    try {
      tree.done().accept(survivors);
    } catch (RuntimeException e) {
      LOG.error("a listener for the end of process tree {} failed", tree.tree().pid(), e);
    }
  }

  private static Set<Long> others(Set<Long> sessions, ProcessTree tree) {
    if (!sessions.contains(tree.pid())) {
      return sessions;
    }
    Set<Long> others = new HashSet<>(sessions);
    others.remove(tree.pid());
    return others;
  }
}
