/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class ProcessSupervisorTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final ProcessSupervisor supervisor = new ProcessSupervisor();
  private final Queue<OutputLine> output = new ConcurrentLinkedQueue<>();
  private final List<ProcessTree> trees = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() {
    supervisor.close();
    for (ProcessTree tree : trees) {
      assertThat(tree.isAlive()).isFalse();
    }
    await()
        .atMost(LONG)
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("manyhands-")));
  }

  @Test
  void exitCodeAndLastLinesOfBothOutputsAreReported() {
    WorkerExit exit = exitOf(shell("echo one; echo two >&2; exit 7"));

    assertThat(exit.exitCode()).isEqualTo(7);
    assertThat(exit.describe()).isEqualTo("exit code 7");
    assertThat(exit.lastLines())
        .containsExactlyInAnyOrder(
            new OutputLine(OutputLine.Source.STDOUT, "one"),
            new OutputLine(OutputLine.Source.STDERR, "two"));
    assertThat(output).containsExactlyInAnyOrderElementsOf(exit.lastLines());
    assertThat(supervisor.runningCount()).isZero();
  }

  @Test
  void theProcessSeesTheGivenEnvironmentAndNothingOfOurs() {
    WorkerExit exit = exitOf(shell("/usr/bin/env; pwd"));

    assertThat(exit.lastLines())
        .extracting(OutputLine::text)
        .filteredOn(
            line ->
                !line.startsWith("PWD=") && !line.startsWith("SHLVL=") && !line.startsWith("_="))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).isEqualTo("GIVEN=yes"),
            line -> assertThat(line).startsWith(LaunchMarker.VARIABLE + "="),
            line -> assertThat(line).isEqualTo(directory.toString()));
  }

  @Test
  void aSignalledProcessSaysWhichSignal() {
    assertThat(exitOf(shell("kill -9 $$")).describe()).isEqualTo("exit code 137 (signal 9)");
  }

  @Test
  void killingEndsChildrenThatLeftParentSessionAndSignalsBehind() {
    WorkerProcess process =
        shell(
            "trap '' TERM; (trap '' TERM; while :; do sleep 1; done) & setsid -f sh -c 'trap \"\""
                + " TERM; echo escaped; while :; do sleep 1; done'; echo ready; while :; do sleep"
                + " 1; done");
    awaitOutput("ready");
    awaitOutput("escaped");
    assertThat(members(process)).hasSizeGreaterThanOrEqualTo(3);

    process.kill();

    WorkerExit exit = get(process);
    assertThat(exit.exitCode()).isEqualTo(137);
    assertThat(exit.survivors()).isEmpty();
    assertThat(members(process)).isEmpty();
  }

  @Test
  void whatTheFirstProcessLeavesBehindIsEndedWithIt() {
    WorkerProcess process = shell("(while :; do sleep 1; done) & echo ready; exit 3");

    assertThat(get(process).exitCode()).isEqualTo(3);
    assertThat(members(process)).isEmpty();
  }

  @Test
  void terminateAsksFirst() {
    WorkerProcess process =
        shell("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.1; done");
    awaitOutput("ready");

    process.terminate(LONG);

    WorkerExit exit = get(process);
    assertThat(exit.exitCode()).isZero();
    assertThat(exit.lastLines()).extracting(OutputLine::text).contains("bye");
  }

  @Test
  void terminateKillsWhoDoesNotListenWhenTheGraceIsOver() {
    WorkerProcess process = shell("trap '' TERM; echo ready; while :; do sleep 1; done");
    awaitOutput("ready");

    process.terminate(Duration.ofMillis(50));
    process.terminate(Duration.ofMillis(50));

    assertThat(get(process).exitCode()).isEqualTo(137);
  }

  @Test
  void aListenerThatThrowsDisturbsNothing() {
    WorkerProcess process =
        supervisor.start(
            spec("/bin/sh", "-c", "echo one; echo two"),
            line -> {
              throw new IllegalStateException("planted");
            });
    trees.add(process.tree());

    assertThat(get(process).lastLines()).extracting(OutputLine::text).containsExactly("one", "two");
  }

  @Test
  void aFloodOfOutputKeepsItsNewestLines() {
    WorkerExit exit =
        exitOf(shell("i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done"));

    assertThat(exit.lastLines()).hasSize(OutputLimits.defaults().lines());
    assertThat(exit.lastLines().get(exit.lastLines().size() - 1).text()).isEqualTo("line 4999");
    assertThat(output).hasSize(5000);
  }

  @Test
  void aProgramThatIsNotThereIsRefusedOrSaysSo() {
    assertThatThrownBy(
            () ->
                supervisor.start(
                    new ProcessSpec(
                        List.of("/bin/true"),
                        Map.of(),
                        directory.resolve("none"),
                        LaunchMarker.random(),
                        OutputLimits.defaults()),
                    line -> {}))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("/bin/true")
        .hasMessageContaining(directory.resolve("none").toString());
  }

  @Test
  void manyTreesEndTogether() {
    List<WorkerProcess> processes = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      processes.add(shell("sleep 1000 & sleep 1000"));
    }

    processes.forEach(WorkerProcess::kill);

    for (WorkerProcess process : processes) {
      assertThat(get(process).survivors()).isEmpty();
    }
  }

  @Test
  void whatAProcessOfTheTreeLaunchedWithAMarkerOfItsOwnBelongsToItToo() {
    LaunchMarker below = LaunchMarker.random();
    WorkerProcess outer =
        shell(
            "export %1$s=%2$s; setsid -f sh -c 'while :; do sleep 1; done'; echo launched"
                .formatted(LaunchMarker.VARIABLE, below.carried("$" + LaunchMarker.VARIABLE)));

    assertThat(exitOf(outer).lastLines()).extracting(OutputLine::text).contains("launched");

    assertThat(ProcessTree.of(below).isAlive()).isFalse();
  }

  @Test
  void orphansAreFoundByIdAndStartByMarkerButNeverByIdAlone() throws Exception {
    WorkerProcess byId = shell("echo ready; while :; do sleep 1; done");
    WorkerProcess byMarker = shell("echo ready; while :; do sleep 1; done");
    WorkerProcess innocent = shell("echo ready; while :; do sleep 1; done");
    await().atMost(LONG).until(() -> output.size() == 3);
    ProcessTree recycled =
        new ProcessTree(innocent.pid(), innocent.tree().start() - 1, LaunchMarker.random(), true);

    try (ProcessSupervisor later = new ProcessSupervisor()) {
      List<ProcessTree> left =
          List.of(byId.tree(), ProcessTree.of(byMarker.tree().marker()), recycled);
      assertThat(later.killOrphans(left).get(60, TimeUnit.SECONDS)).isEmpty();
    }

    assertThat(get(byId).exitCode()).isEqualTo(137);
    assertThat(get(byMarker).exitCode()).isEqualTo(137);
    assertThat(innocent.exit()).isNotDone();
    assertThat(innocent.tree().isAlive()).isTrue();
  }

  @Test
  void adoptedTreeIsEndedWhole() {
    WorkerProcess orphan = shell("setsid -f sh -c 'echo escaped; sleep 1000'; sleep 1000 & wait");
    awaitOutput("escaped");

    try (ProcessSupervisor later = new ProcessSupervisor()) {
      WorkerProcess adopted = later.adopt(orphan.tree()).orElseThrow();
      adopted.terminate(Duration.ofMillis(50));

      WorkerExit exit = get(adopted);
      assertThat(exit.describe()).isEqualTo("exit code unknown");
      assertThat(exit.survivors()).isEmpty();
      assertThat(members(orphan)).isEmpty();
      assertThat(later.runningCount()).isZero();
    }
  }

  @Test
  void endOfAnAdoptedProcessIsSeen() {
    WorkerProcess orphan =
        shell("(while :; do sleep 1; done) & echo ready; while :; do sleep 1; done");
    awaitOutput("ready");

    try (ProcessSupervisor later = new ProcessSupervisor()) {
      WorkerProcess adopted = later.adopt(orphan.tree()).orElseThrow();
      assertThat(adopted.exit()).isNotDone();
      ProcessHandle.of(orphan.pid()).orElseThrow().destroyForcibly();

      assertThat(get(adopted).exitCode()).isEqualTo(WorkerExit.UNKNOWN);
      assertThat(members(orphan)).isEmpty();
    }
  }

  @Test
  void closingEndsTheAdopted() {
    WorkerProcess orphan = shell("trap '' TERM; echo ready; while :; do sleep 1; done");
    awaitOutput("ready");
    ProcessSupervisor later = new ProcessSupervisor();
    WorkerProcess adopted = later.adopt(orphan.tree()).orElseThrow();

    later.close();

    assertThat(adopted.exit()).isCompleted();
    assertThat(orphan.tree().isAlive()).isFalse();
    assertThat(later.adopt(orphan.tree())).isEmpty();
  }

  @Test
  void processOfAnotherStartTimeIsNotAdopted() {
    WorkerProcess innocent = shell("echo ready; while :; do sleep 1; done");
    awaitOutput("ready");
    ProcessTree recycled =
        new ProcessTree(innocent.pid(), innocent.tree().start() - 1, LaunchMarker.random(), true);

    assertThat(supervisor.adopt(recycled)).isEmpty();
    assertThat(supervisor.adopt(ProcessTree.of(innocent.tree().marker()))).isEmpty();
    assertThat(supervisor.runningCount()).isEqualTo(1);
  }

  @Test
  void theOwnerOfALocalConnectionIsFoundAlsoInAGrandchild() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String connect = "exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort() + "; read line <&3";
      WorkerProcess owner = start("/bin/bash", "-c", "/bin/bash -c '" + connect + "'; true");
      WorkerProcess stranger = shell("while :; do sleep 1; done");
      server.setSoTimeout((int) LONG.toMillis());
      try (Socket accepted = server.accept()) {
        InetSocketAddress remote = (InetSocketAddress) accepted.getRemoteSocketAddress();
        InetSocketAddress local = (InetSocketAddress) accepted.getLocalSocketAddress();

        assertThat(owner.ownsConnection(remote, local)).isTrue();
        assertThat(stranger.ownsConnection(remote, local)).isFalse();
        assertThat(owner.ownsConnection(new InetSocketAddress(remote.getAddress(), 1), local))
            .isFalse();
      }
    }
  }

  @Test
  void memoryIsRead() {
    WorkerProcess process = shell("echo ready; while :; do sleep 1; done");
    awaitOutput("ready");

    ProcessMemory memory = ProcessMemory.of(process.pid()).orElseThrow();
    assertThat(memory.residentBytes()).isPositive();
    process.kill();
    get(process);
    assertThat(ProcessMemory.of(process.pid())).isEmpty();
  }

  @Test
  void closingEndsEverything() {
    WorkerProcess process = shell("trap '' TERM; sleep 1000 & while :; do sleep 1; done");

    supervisor.close();

    assertThat(process.exit()).isCompleted();
    assertThat(process.tree().isAlive()).isFalse();
  }

  private WorkerProcess shell(String script) {
    return start("/bin/sh", "-c", script);
  }

  private WorkerProcess start(String... command) {
    WorkerProcess process = supervisor.start(spec(command), output::add);
    trees.add(process.tree());
    return process;
  }

  private ProcessSpec spec(String... command) {
    return new ProcessSpec(
        List.of(command),
        Map.of("GIVEN", "yes"),
        directory,
        LaunchMarker.random(),
        OutputLimits.defaults());
  }

  private void awaitOutput(String text) {
    await().atMost(LONG).until(() -> output.stream().anyMatch(line -> line.text().equals(text)));
  }

  private static List<Long> members(WorkerProcess process) {
    return process.tree().members(ProcessTable.snapshot(), Set.of(), false).stream()
        .map(ProcessEntry::pid)
        .toList();
  }

  private WorkerExit exitOf(WorkerProcess process) {
    return get(process);
  }

  private static WorkerExit get(WorkerProcess process) {
    try {
      return process.exit().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("process " + process.pid() + " did not end", e);
    }
  }
}
