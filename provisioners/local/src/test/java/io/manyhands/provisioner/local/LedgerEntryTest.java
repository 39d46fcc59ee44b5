/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.support.launch.LaunchMarker;
import io.manyhands.support.launch.ProcessTree;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LedgerEntryTest {
  private static final LaunchMarker MARKER = LaunchMarker.random();
  private static final ProcessTree TREE = new ProcessTree(42, 4711, MARKER, true);
  private static final LedgerEntry.Comeback BACK =
      new LedgerEntry.Comeback(
          new WorkerId("5f0c"), WorkerStack.of("node"), URI.create("http://[::1]:7071"));

  private final List<String> lines =
      new ArrayList<>(
          List.of(
              LedgerEntry.starting(MARKER, BACK.worker()),
              LedgerEntry.started(TREE),
              LedgerEntry.resumable(MARKER, BACK)));

  @Test
  void whatWasWrittenIsRead() {
    assertThat(LedgerEntry.parse(lines).values())
        .containsExactly(new LedgerEntry(TREE, Optional.of(BACK)));
    LedgerEntry.Comeback versioned =
        new LedgerEntry.Comeback(BACK.worker(), WorkerStack.of("node", "20-rc.1"), BACK.dials());
    lines.set(2, LedgerEntry.resumable(MARKER, versioned));
    assertThat(LedgerEntry.parse(lines).values())
        .containsExactly(new LedgerEntry(TREE, Optional.of(versioned)));
  }

  @Test
  void lineThatACrashCutLeavesWhatTheOneBeforeTold() {
    String last = lines.get(2);
    for (int length = 0; length < last.length() - BACK.dials().toString().length(); length++) {
      lines.set(2, last.substring(0, length));
      assertThat(LedgerEntry.parse(lines).values())
          .containsExactly(new LedgerEntry(TREE, Optional.empty()));
    }
    lines.remove(2);
    lines.set(1, lines.get(1).substring(0, 45));
    assertThat(LedgerEntry.parse(lines).values())
        .containsExactly(new LedgerEntry(ProcessTree.of(MARKER), Optional.empty()));
  }

  @Test
  void launchThatEndedOrWasOfAnotherRunOfTheMachineIsNotThere() {
    lines.add(LedgerEntry.ended(MARKER));
    assertThat(LedgerEntry.parse(lines)).isEmpty();
    lines.remove(3);
    lines.set(1, lines.get(1).replace(ProcessTree.bootId(), "another-boot"));
    assertThat(LedgerEntry.parse(lines)).isEmpty();
  }
}
