/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import static io.manyhands.api.worker.WorkerState.CONNECTED;
import static io.manyhands.api.worker.WorkerState.DISCONNECTED;
import static io.manyhands.api.worker.WorkerState.DRAINING;
import static io.manyhands.api.worker.WorkerState.GONE;
import static io.manyhands.api.worker.WorkerState.INITIALIZING;
import static io.manyhands.api.worker.WorkerState.PLACEHOLDER;
import static io.manyhands.api.worker.WorkerState.QUARANTINED;
import static io.manyhands.api.worker.WorkerState.READY;
import static io.manyhands.api.worker.WorkerState.REQUESTED;
import static io.manyhands.api.worker.WorkerState.SPECIALIZING;
import static io.manyhands.api.worker.WorkerState.SUSPECT;

import io.manyhands.api.worker.WorkerState;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table of a worker's transitions; whatever is not in it cannot happen. */
public final class WorkerTransitions {
  /** One row. */
  public record Row(WorkerState from, WorkerEvent event, WorkerState to) {}

  private static final List<Row> ROWS =
      List.of(
          new Row(REQUESTED, WorkerEvent.STREAM_ACCEPTED, CONNECTED),
          new Row(CONNECTED, WorkerEvent.INIT_SENT, INITIALIZING),
          new Row(INITIALIZING, WorkerEvent.INITIALIZED, PLACEHOLDER),
          new Row(INITIALIZING, WorkerEvent.CHOSEN, SPECIALIZING),
          new Row(PLACEHOLDER, WorkerEvent.CHOSEN, SPECIALIZING),
          new Row(SPECIALIZING, WorkerEvent.SPECIALIZED, READY),
          new Row(READY, WorkerEvent.UNANSWERED, SUSPECT),
          new Row(SUSPECT, WorkerEvent.ANSWERED, READY),
          new Row(READY, WorkerEvent.OVERRAN, QUARANTINED),
          new Row(SUSPECT, WorkerEvent.OVERRAN, QUARANTINED),
          new Row(READY, WorkerEvent.DRAIN_ASKED, DRAINING),
          new Row(SUSPECT, WorkerEvent.DRAIN_ASKED, DRAINING),
          new Row(QUARANTINED, WorkerEvent.DRAIN_ASKED, DRAINING),
          new Row(PLACEHOLDER, WorkerEvent.DRAIN_ASKED, DRAINING),
          new Row(PLACEHOLDER, WorkerEvent.STREAM_LOST, DISCONNECTED),
          new Row(READY, WorkerEvent.STREAM_LOST, DISCONNECTED),
          new Row(SUSPECT, WorkerEvent.STREAM_LOST, DISCONNECTED),
          new Row(QUARANTINED, WorkerEvent.STREAM_LOST, DISCONNECTED),
          new Row(DRAINING, WorkerEvent.STREAM_LOST, DISCONNECTED),
          new Row(DISCONNECTED, WorkerEvent.RESUMED_PLACEHOLDER, PLACEHOLDER),
          new Row(DISCONNECTED, WorkerEvent.RESUMED_READY, READY),
          new Row(DISCONNECTED, WorkerEvent.RESUMED_QUARANTINED, QUARANTINED),
          new Row(DISCONNECTED, WorkerEvent.RESUMED_DRAINING, DRAINING),
          new Row(CONNECTED, WorkerEvent.RESUMED_PLACEHOLDER, PLACEHOLDER),
          new Row(CONNECTED, WorkerEvent.RESUMED_READY, READY),
          new Row(REQUESTED, WorkerEvent.ENDED, GONE),
          new Row(CONNECTED, WorkerEvent.ENDED, GONE),
          new Row(INITIALIZING, WorkerEvent.ENDED, GONE),
          new Row(PLACEHOLDER, WorkerEvent.ENDED, GONE),
          new Row(SPECIALIZING, WorkerEvent.ENDED, GONE),
          new Row(READY, WorkerEvent.ENDED, GONE),
          new Row(SUSPECT, WorkerEvent.ENDED, GONE),
          new Row(QUARANTINED, WorkerEvent.ENDED, GONE),
          new Row(DRAINING, WorkerEvent.ENDED, GONE),
          new Row(DISCONNECTED, WorkerEvent.ENDED, GONE));

  private static final Map<WorkerState, Map<WorkerEvent, WorkerState>> TABLE = table();

  private WorkerTransitions() {}

  /** All rows, in the order of a life. */
  public static List<Row> rows() {
    return ROWS;
  }

  /** Where the event leads from there; empty where it cannot happen. */
  static Optional<WorkerState> next(WorkerState from, WorkerEvent event) {
    Map<WorkerEvent, WorkerState> row = TABLE.get(from);
    return row == null ? Optional.empty() : Optional.ofNullable(row.get(event));
  }

  private static Map<WorkerState, Map<WorkerEvent, WorkerState>> table() {
    Map<WorkerState, Map<WorkerEvent, WorkerState>> table = new EnumMap<>(WorkerState.class);
    for (Row row : ROWS) {
      Map<WorkerEvent, WorkerState> events =
          table.computeIfAbsent(row.from(), state -> new EnumMap<>(WorkerEvent.class));
      if (events.put(row.event(), row.to()) != null) {
        throw new AssertionError("two rows for " + row.from() + " and " + row.event());
      }
    }
    return table;
  }
}
