/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts process trees and ends them whole. One thread of its own does all ending, so that one look
 * at the process table serves every tree that is to end at that moment; each process has two more
 * threads, one for each output.
 */
public final class ProcessSupervisor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessSupervisor.class);

  /** How long output is awaited after the last process of a tree has ended. */
  private static final Duration OUTPUT_GRACE = Duration.ofSeconds(2);

  /** How late the end of an adopted process may be seen. */
  private static final Duration ADOPTED_LOOK = Duration.ofMillis(200);

  private static final OutputLimits NO_OUTPUT = new OutputLimits(0, 1, 1);

  private final ScheduledThreadPoolExecutor executor;
  private final TreeReaper reaper;
  private final Set<WorkerProcess> running = ConcurrentHashMap.newKeySet();
  private final List<String> sessionStarter;

  public ProcessSupervisor() {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "manyhands-process-supervisor");
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    reaper = new TreeReaper(executor, this::foreignSessions);
    sessionStarter = sessionStarter();
  }

  /**
   * Starts a process in a session of its own. Blocks for the fork.
   *
   * @param listener is told every line, on a thread of this process; it must not block for long,
   *     because the process then blocks on its output
   * @throws LaunchException where the system refuses
   */
  public WorkerProcess start(ProcessSpec spec, Consumer<OutputLine> listener) {
    List<String> command = new ArrayList<>(sessionStarter);
    command.addAll(spec.command());
    ProcessBuilder builder = new ProcessBuilder(command).directory(spec.directory().toFile());
    builder.environment().clear();
    builder.environment().putAll(spec.environment());
    builder.environment().put(LaunchMarker.VARIABLE, spec.marker().carried());
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new LaunchException(
          "%s: cannot be started in %s (%s)"
              .formatted(spec.command().get(0), spec.directory(), reason(e)),
          e);
    }
    ProcessEntry entry = ProcFiles.available() ? ProcFiles.stat(process.pid()) : portable(process);
    ProcessTree tree =
        new ProcessTree(
            process.pid(),
            entry == null ? 0 : entry.start(),
            spec.marker(),
            !sessionStarter.isEmpty());
    OutputTail tail = new OutputTail(spec.outputLimits());
    WorkerProcess worker = new WorkerProcess(this, new WorkerProcess.Child(process), tree, tail);
    running.add(worker);
    OutputPump out =
        new OutputPump(
            process.getInputStream(),
            OutputLine.Source.STDOUT,
            spec.outputLimits(),
            tail,
            listener);
    OutputPump err =
        new OutputPump(
            process.getErrorStream(),
            OutputLine.Source.STDERR,
            spec.outputLimits(),
            tail,
            listener);
    out.start(process.pid());
    err.start(process.pid());
    CompletableFuture<Void> output = CompletableFuture.allOf(out.end(), err.end());
    // Whichever comes first: the JDK's word arrives through the common pool, which others may
    // block; the end of the output comes late where a grandchild holds it open.
    CompletableFuture.anyOf(process.onExit(), output.thenRun(() -> await(process)))
        .whenComplete((ignored, failure) -> firstProcessEnded(worker, output));
    return worker;
  }

  /**
   * Takes over a tree that an earlier JVM started: watches it, and can end it. What it writes is
   * lost, its pipes ended with that JVM.
   *
   * @return empty where its first process has ended, or this supervisor is closed; {@link
   *     #killOrphans} ends what is left of it
   */
  public Optional<WorkerProcess> adopt(ProcessTree tree) {
    if (!tree.isFirstAlive()) {
      return Optional.empty();
    }
    WorkerProcess worker =
        new WorkerProcess(this, new WorkerProcess.Adopted(tree), tree, new OutputTail(NO_OUTPUT));
    running.add(worker);
    if (!watch(worker)) {
      running.remove(worker);
      return Optional.empty();
    }
    return Optional.of(worker);
  }

  /** The system tells the end of a process to its parent alone: looks from time to time. */
  private boolean watch(WorkerProcess worker) {
    try {
      executor.schedule(
          () -> {
            if (worker.first().isAlive()) {
              watch(worker);
            } else {
              firstProcessEnded(worker, CompletableFuture.completedFuture(null));
            }
          },
          ADOPTED_LOOK.toMillis(),
          TimeUnit.MILLISECONDS);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** How many trees have not ended. */
  public int runningCount() {
    return running.size();
  }

  /**
   * Kills trees that an earlier JVM left behind.
   *
   * @return completes with the ids that could not be ended, normally none
   */
  public CompletableFuture<List<Long>> killOrphans(Collection<ProcessTree> trees) {
    List<CompletableFuture<List<Long>>> all = new ArrayList<>();
    for (ProcessTree tree : trees) {
      CompletableFuture<List<Long>> done = new CompletableFuture<>();
      all.add(done);
      reaper.kill(new TreeReaper.Doomed(tree, false, () -> true, done::complete));
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenApply(ignored -> all.stream().flatMap(each -> each.join().stream()).toList());
  }

  /** Kills every tree that still runs and waits for their end, at most about twenty seconds. */
  @Override
  public void close() {
    List<CompletableFuture<WorkerExit>> exits = new ArrayList<>();
    for (WorkerProcess worker : running) {
      exits.add(worker.exit());
      worker.kill();
    }
    try {
      CompletableFuture.allOf(exits.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("{} worker processes did not end in time", running.size(), e);
    } finally {
      executor.shutdownNow();
    }
    try {
      if (executor.awaitTermination(20, TimeUnit.SECONDS)) {
        reaper.abandon();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void terminate(WorkerProcess worker, Duration grace) {
    if (worker.ended()) {
      return;
    }
    reaper.terminate(worker.tree());
    try {
      executor.schedule(() -> kill(worker), grace.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed while ending process {}", worker.pid(), e);
    }
  }

  void kill(WorkerProcess worker) {
    if (!worker.ended()) {
      // Its end is reported by firstProcessEnded, which this brings about.
      reaper.kill(
          new TreeReaper.Doomed(
              worker.tree(), worker.isChild(), () -> !worker.first().isAlive(), survivors -> {}));
    }
  }

  private void firstProcessEnded(WorkerProcess worker, CompletableFuture<Void> output) {
    reaper.kill(
        new TreeReaper.Doomed(
            worker.tree(),
            worker.isChild(),
            () -> !worker.first().isAlive(),
            survivors -> awaitOutput(worker, output, survivors)));
  }

  private void awaitOutput(
      WorkerProcess worker, CompletableFuture<Void> output, List<Long> survivors) {
    CompletableFuture<Void> read = output.copy();
    read.whenComplete((ignored, failure) -> report(worker, survivors));
    if (!read.isDone()) {
      try {
        executor.schedule(
            () -> read.complete(null), OUTPUT_GRACE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        read.complete(null);
      }
    }
  }

  private void report(WorkerProcess worker, List<Long> survivors) {
    if (!survivors.isEmpty()) {
      LOG.warn("process tree {}: could not end processes {}", worker.pid(), survivors);
    }
    running.remove(worker);
    worker.complete(new WorkerExit(worker.first().exitCode(), worker.tail().snapshot(), survivors));
  }

  private Set<Long> foreignSessions() {
    Set<Long> sessions = new HashSet<>();
    for (WorkerProcess worker : running) {
      if (worker.tree().ownSession() && worker.first().isAlive()) {
        sessions.add(worker.pid());
      }
    }
    return sessions;
  }

  private static void await(Process process) {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String reason(IOException e) {
    Throwable cause = e.getCause();
    return String.valueOf((cause == null ? e : cause).getMessage());
  }

  private static ProcessEntry portable(Process process) {
    long start = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return new ProcessEntry(process.pid(), 0, -1, start, false);
  }

  /** A session of its own lets every process of the tree be found by the session's number. */
  private static List<String> sessionStarter() {
    if (!ProcFiles.available()) {
      return List.of();
    }
    return Stream.of("/usr/bin/setsid", "/bin/setsid")
        .filter(path -> Files.isExecutable(Path.of(path)))
        .findFirst()
        .map(List::of)
        .orElse(List.of());
  }
}
