/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.worker.WorkerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WorkerTransitionsTest {
  private static final Path PAGE = Path.of("..", "docs", "worker-states.md");
  private static final String BEGIN = "```mermaid\n";
  private static final String END = "```";

  @Test
  void diagramOfTheDocumentationIsTheTable() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    String drawn = page.substring(begin, page.indexOf(END, begin));

    assertThat(drawn)
        .as("the diagram in docs/worker-states.md; replace its block by what is expected here")
        .isEqualTo(diagram());
  }

  @Test
  void everyStateIsReachedFromTheFirst() {
    Set<WorkerState> reached = EnumSet.of(WorkerState.REQUESTED);
    Deque<WorkerState> open = new ArrayDeque<>(reached);
    while (!open.isEmpty()) {
      WorkerState from = open.removeFirst();
      for (WorkerTransitions.Row row : WorkerTransitions.rows()) {
        if (row.from() == from && reached.add(row.to())) {
          open.add(row.to());
        }
      }
    }

    assertThat(reached).containsExactlyInAnyOrder(WorkerState.values());
  }

  @Test
  void everyEventHasARowAndNothingLeadsOutOfTheEnd() {
    assertThat(WorkerTransitions.rows())
        .extracting(WorkerTransitions.Row::event)
        .contains(WorkerEvent.values());
    assertThat(WorkerTransitions.rows())
        .extracting(WorkerTransitions.Row::from)
        .doesNotContain(WorkerState.GONE);
  }

  @Test
  void everyStateButTheLastCanEnd() {
    for (WorkerState state : WorkerState.values()) {
      if (state != WorkerState.GONE) {
        assertThat(WorkerTransitions.next(state, WorkerEvent.ENDED)).contains(WorkerState.GONE);
      }
    }
  }

  @Test
  void readyIsLeftOnlyTowardsStatesThatTakeNoCalls() {
    assertThat(
            WorkerTransitions.rows().stream()
                .filter(row -> row.from() == WorkerState.READY)
                .map(WorkerTransitions.Row::to))
        .doesNotContain(WorkerState.READY);
  }

  private static String diagram() {
    return "stateDiagram-v2\n"
        + "    [*] --> REQUESTED\n"
        + WorkerTransitions.rows().stream()
            .filter(row -> row.event() != WorkerEvent.ENDED)
            .map(row -> "    " + row.from() + " --> " + row.to() + ": " + row.event() + "\n")
            .collect(Collectors.joining())
        + Arrays.stream(WorkerState.values())
            .filter(state -> state != WorkerState.GONE)
            .map(state -> "    " + state + " --> GONE: " + WorkerEvent.ENDED + "\n")
            .collect(Collectors.joining())
        + "    GONE --> [*]\n";
  }
}
