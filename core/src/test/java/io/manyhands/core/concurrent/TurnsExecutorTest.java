/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class TurnsExecutorTest {
  private static final int ROOM = 2;

  private final Queue<Runnable> shared = new ArrayDeque<>();
  private final List<Integer> done = new ArrayList<>();
  private final Executor crowded =
      task -> {
        if (shared.size() == ROOM) {
          throw new RejectedExecutionException("full");
        }
        shared.add(task);
      };

  @Test
  void crowdIsKeptInOrderAndTakesNoMoreThanItsTurns() {
    TurnsExecutor turns = new TurnsExecutor(crowded, 1);

    submit(turns, 5);

    assertThat(shared).hasSize(1);
    runShared();
    assertThat(done).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void taskThatTheSharedQueueRefusesRunsAfterOneThatItTook() {
    TurnsExecutor turns = new TurnsExecutor(crowded, 5);

    submit(turns, 5);

    assertThat(shared).hasSize(ROOM);
    runShared();
    assertThat(done).containsExactly(0, 2, 3, 4, 1);
  }

  @Test
  void refusalIsTheCallersWhereNoTaskIsThereToHandTheTurnOn() {
    TurnsExecutor turns = new TurnsExecutor(crowded, 1);
    shared.add(() -> {});
    shared.add(() -> {});

    assertThatThrownBy(() -> submit(turns, 1)).isInstanceOf(RejectedExecutionException.class);

    runShared();
    submit(turns, 1);
    runShared();
    assertThat(done).containsExactly(0);
  }

  @Test
  void taskThatThrowsTakesNoTurnFromOthers() {
    TurnsExecutor turns = new TurnsExecutor(crowded, 1);
    turns.execute(
        () -> {
          throw new IllegalStateException("planted");
        });

    submit(turns, 2);

    runShared();
    assertThat(done).containsExactly(0, 1);
  }

  private void submit(TurnsExecutor turns, int count) {
    for (int index = 0; index < count; index++) {
      int number = index;
      turns.execute(() -> done.add(number));
    }
  }

  private void runShared() {
    for (Runnable task = shared.poll(); task != null; task = shared.poll()) {
      task.run();
    }
  }
}
