/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What identifies all processes of one launch, also after the first of them has ended, and also to
 * a later JVM. A process belongs to it that is the first one (same id and same start), or in its
 * session, or carries its marker, or descends from one of these. An id alone never suffices,
 * because the system uses ids again.
 *
 * @param pid the first process; 0 where it is not known (then the marker alone speaks)
 * @param start when it started, in the unit of {@link ProcessEntry#start}
 * @param marker what its processes carry in their environment
 * @param ownSession the first process leads a session of its own
 */
public record ProcessTree(long pid, long start, LaunchMarker marker, boolean ownSession) {

  /** A tree of which only the marker is known. */
  public static ProcessTree of(LaunchMarker marker) {
    return new ProcessTree(0, 0, marker, false);
  }

  /**
   * Names this run of the machine: the ids and start times of trees mean nothing in another. Empty
   * where the system does not tell.
   */
  public static String bootId() {
    return ProcFiles.bootId();
  }

  /** Whether any of its processes runs. Scans the process table. */
  public boolean isAlive() {
    return !members(ProcessTable.snapshot(), Set.of(), false).isEmpty();
  }

  /** Whether its first process runs. */
  public boolean isFirstAlive() {
    ProcessEntry now = pid == 0 ? null : ProcessTable.read(pid);
    return now != null && now.start() == start;
  }

  /**
   * Its running processes.
   *
   * @param foreignSessions sessions known to belong to other trees, whose processes need not be
   *     asked for their marker
   * @param sessionPinned this JVM saw the first process run until just now, so its session id
   *     cannot have been given to another yet
   */
  Collection<ProcessEntry> members(
      ProcessTable table, Set<Long> foreignSessions, boolean sessionPinned) {
    Map<Long, ProcessEntry> members = new LinkedHashMap<>();
    Deque<ProcessEntry> open = new ArrayDeque<>();
    ProcessEntry first = pid == 0 ? null : table.get(pid);
    boolean recycled = first != null && first.start() != start;
    if (first != null && !recycled) {
      open.add(first);
    }
    if (ownSession && !recycled) {
      Collection<ProcessEntry> session = table.inSession(pid);
      if (first != null || sessionPinned || session.stream().anyMatch(e -> carries(table, e))) {
        open.addAll(session);
      }
    }
    for (ProcessEntry entry : table.all()) {
      if (entry.start() >= start
          && !foreignSessions.contains(entry.session())
          && carries(table, entry)) {
        open.add(entry);
      }
    }
    long self = ProcessHandle.current().pid();
    while (!open.isEmpty()) {
      ProcessEntry entry = open.remove();
      if (entry.pid() != self && members.putIfAbsent(entry.pid(), entry) == null) {
        open.addAll(table.childrenOf(entry.pid()));
      }
    }
    return members.values();
  }

  private boolean carries(ProcessTable table, ProcessEntry entry) {
    return marker.isIn(table.markerOf(entry.pid()));
  }

  /** Signals a process unless its id has meanwhile been given to another. */
  static void signal(ProcessEntry entry, boolean kill) {
    Optional<ProcessHandle> handle = ProcessHandle.of(entry.pid());
    if (handle.isEmpty()) {
      return;
    }
    // The handle holds the start time itself, so from here on the process cannot be confused.
    ProcessEntry now = ProcessTable.read(entry.pid());
    if (now == null || now.start() != entry.start()) {
      return;
    }
    boolean unused = kill ? handle.get().destroyForcibly() : handle.get().destroy();
  }
}
