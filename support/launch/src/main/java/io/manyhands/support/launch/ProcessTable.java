/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The machine's processes at one moment. From {@code /proc} on Linux; elsewhere from the JDK, which
 * knows no sessions.
 */
final class ProcessTable {
  private final Map<Long, ProcessEntry> entries;
  private final Map<Long, List<ProcessEntry>> bySession = new HashMap<>();
  private final Map<Long, List<ProcessEntry>> byParent = new HashMap<>();
  private final Map<Long, String> markers = new HashMap<>();

  private ProcessTable(Map<Long, ProcessEntry> entries) {
    this.entries = entries;
    for (ProcessEntry entry : entries.values()) {
      bySession.computeIfAbsent(entry.session(), key -> new ArrayList<>()).add(entry);
      byParent.computeIfAbsent(entry.parent(), key -> new ArrayList<>()).add(entry);
    }
  }

  /** Zombies are left out: they have ended. */
  static ProcessTable snapshot() {
    Map<Long, ProcessEntry> entries = new HashMap<>();
    if (ProcFiles.available()) {
      for (long pid : ProcFiles.pids()) {
        ProcessEntry entry = ProcFiles.stat(pid);
        if (entry != null && !entry.zombie()) {
          entries.put(pid, entry);
        }
      }
    } else {
      ProcessHandle.allProcesses()
          .forEach(handle -> entries.put(handle.pid(), portableEntry(handle)));
    }
    return new ProcessTable(entries);
  }

  /**
   * The process with this id at this moment, in the unit of the table; null where there is none.
   */
  static @Nullable ProcessEntry read(long pid) {
    if (ProcFiles.available()) {
      ProcessEntry entry = ProcFiles.stat(pid);
      return entry == null || entry.zombie() ? null : entry;
    }
    return ProcessHandle.of(pid).map(ProcessTable::portableEntry).orElse(null);
  }

  @Nullable ProcessEntry get(long pid) {
    return entries.get(pid);
  }

  Collection<ProcessEntry> all() {
    return entries.values();
  }

  List<ProcessEntry> inSession(long session) {
    return bySession.getOrDefault(session, List.of());
  }

  List<ProcessEntry> childrenOf(long pid) {
    return byParent.getOrDefault(pid, List.of());
  }

  /** The launch markers of a process; empty where it has none. */
  String markerOf(long pid) {
    return markers.computeIfAbsent(
        pid,
        key -> {
          String marker = ProcFiles.marker(key);
          return marker == null ? "" : marker;
        });
  }

  private static ProcessEntry portableEntry(ProcessHandle handle) {
    long parent = handle.parent().map(ProcessHandle::pid).orElse(0L);
    long start = handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return new ProcessEntry(handle.pid(), parent, -1, start, false);
  }
}
