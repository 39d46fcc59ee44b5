/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A process tree that this JVM started, made by {@link ProcessSupervisor#start}, or took over from
 * an earlier one, by {@link ProcessSupervisor#adopt}. Safe for any thread; no method blocks for
 * longer than a look at the process table.
 */
public final class WorkerProcess {
  private final ProcessSupervisor supervisor;
  private final FirstProcess first;
  private final ProcessTree tree;
  private final OutputTail tail;
  private final CompletableFuture<WorkerExit> exit = new CompletableFuture<>();

  /** What can be seen of the first process. */
  sealed interface FirstProcess {
    boolean isAlive();

    /** Once it has ended. */
    int exitCode();
  }

  /** A child of this JVM: its id stays its own until this JVM has collected it. */
  record Child(Process process) implements FirstProcess {
    @Override
    public boolean isAlive() {
      return process.isAlive();
    }

    @Override
    public int exitCode() {
      return process.isAlive() ? WorkerExit.UNKNOWN : process.exitValue();
    }
  }

  /** Somebody else's child by now, and its exit code is told to that one alone. */
  record Adopted(ProcessTree tree) implements FirstProcess {
    @Override
    public boolean isAlive() {
      return tree.isFirstAlive();
    }

    @Override
    public int exitCode() {
      return WorkerExit.UNKNOWN;
    }
  }

  WorkerProcess(
      ProcessSupervisor supervisor, FirstProcess first, ProcessTree tree, OutputTail tail) {
    this.supervisor = supervisor;
    this.first = first;
    this.tree = tree;
    this.tail = tail;
  }

  /** The id of the first process. */
  public long pid() {
    return tree.pid();
  }

  /** What finds its processes again, for a ledger. */
  public ProcessTree tree() {
    return tree;
  }

  /**
   * Completes when the first process has ended, the rest of the tree is gone too and the output is
   * read to its end. On the supervisor's thread: hand on what takes long. Never fails.
   */
  public CompletableFuture<WorkerExit> exit() {
    return exit.copy();
  }

  /** The newest lines it wrote so far, oldest first. */
  public List<OutputLine> lastLines() {
    return tail.snapshot();
  }

  /** Asks the tree to end (SIGTERM) and kills what is left after the grace. May be repeated. */
  public void terminate(Duration grace) {
    supervisor.terminate(this, grace);
  }

  /** Kills the whole tree at once. May be repeated. */
  public void kill() {
    supervisor.kill(this);
  }

  /**
   * Whether the local process at the other end of a TCP connection belongs to this tree. Only on
   * Linux, and only for connections within this machine; elsewhere false.
   *
   * @param remote the other end's address, as the accepting side sees it
   * @param local the accepting side's own address of that connection
   */
  public boolean ownsConnection(InetSocketAddress remote, InetSocketAddress local) {
    OptionalLong inode = LocalSockets.inodeOf(remote, local);
    if (inode.isEmpty()) {
      return false;
    }
    if (ProcFiles.holdsSocket(pid(), inode.getAsLong())) {
      return true;
    }
    return tree.members(ProcessTable.snapshot(), Set.of(), false).stream()
        .anyMatch(member -> ProcFiles.holdsSocket(member.pid(), inode.getAsLong()));
  }

  FirstProcess first() {
    return first;
  }

  /** Until its end is seen its session's id cannot have been given to another. */
  boolean isChild() {
    return first instanceof Child;
  }

  OutputTail tail() {
    return tail;
  }

  void complete(WorkerExit how) {
    exit.complete(how);
  }

  boolean ended() {
    return exit.isDone();
  }
}
