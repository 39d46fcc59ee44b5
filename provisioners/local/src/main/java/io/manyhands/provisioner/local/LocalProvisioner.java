/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import io.manyhands.api.Endpoint;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.ProvisionerListener;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.provision.Termination;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.support.launch.LaunchMarker;
import io.manyhands.support.launch.OutputLine;
import io.manyhands.support.launch.ProcessSupervisor;
import io.manyhands.support.launch.ProcessTree;
import io.manyhands.support.launch.WorkerExit;
import io.manyhands.support.launch.WorkerProcess;
import io.manyhands.support.launch.WorkersDirectory;
import io.manyhands.support.platform.CallQueue;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Child processes of this machine, each in a private directory with an environment of its own.
 * Thread-safe; what blocks runs on the blocking executor.
 */
final class LocalProvisioner implements WorkerProvisioner {
  private static final Logger LOG = LoggerFactory.getLogger(LocalProvisioner.class);

  /** Beyond the grace of a stop: what killing a tree and reading its output may take. */
  private static final Duration STOP_MARGIN = Duration.ofSeconds(20);

  private enum State {
    NEW,
    STARTING,
    RUNNING,
    STOPPED
  }

  private final List<StackInfo> stacks;
  private final Path directory;
  private final Optional<WorkerUsers> users;
  private final Executor blocking;
  private final Scheduler scheduler;
  private final ProcessSupervisor supervisor = new ProcessSupervisor();
  private final WorkerLauncher launcher;
  private final CallQueue launches;
  private final Map<WorkerId, LocalWorker> workers = new ConcurrentHashMap<>();
  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
  private volatile @Nullable Ledger ledger;
  private volatile ProvisionerListener listener = (worker, termination) -> {};

  LocalProvisioner(
      LocalOptions options, WorkersDirectory found, Executor blocking, Scheduler scheduler) {
    this.directory = options.workDirectory();
    this.users = options.users();
    this.blocking = blocking;
    this.scheduler = scheduler;
    this.stacks = LocalStacks.of(found, options.dedicated());
    this.launcher = new WorkerLauncher(options, found, supervisor);
    this.launches = new CallQueue(options.startupConcurrency(), LocalOptions.MAX_WAITING, blocking);
  }

  @Override
  public List<StackInfo> stacks() {
    return stacks;
  }

  @Override
  public CompletionStage<Void> start(ProvisionerListener told) {
    if (!state.compareAndSet(State.NEW, State.STARTING)) {
      return CompletableFuture.failedFuture(
          new ManyhandsException(
              ErrorCode.RUNTIME_CLOSED, "provisioner local: started twice (expected: once)"));
    }
    listener = told;
    return blocking(() -> Ledger.open(directory))
        .thenApply(
            opened -> {
              users.ifPresent(given -> WorkerUsers.open(directory));
              return opened;
            })
        .thenCompose(opened -> blocking(() -> adopt(opened)))
        .thenCompose(
            left ->
                supervisor
                    .killOrphans(left.unwanted().stream().map(LedgerEntry::tree).toList())
                    .thenCompose(survivors -> blocking(() -> begin(left, survivors))));
  }

  /** What an earlier Runtime left: workers that can come back, and those that are to end. */
  private record Left(Ledger ledger, Set<LaunchMarker> adopted, List<LedgerEntry> unwanted) {}

  private Left adopt(Ledger.Opened opened) {
    ledger = opened.ledger();
    Set<LaunchMarker> adopted = new HashSet<>();
    List<LedgerEntry> unwanted = new ArrayList<>();
    for (LedgerEntry entry : opened.left()) {
      if (entry.comeback().isPresent() && adopt(entry.tree(), entry.comeback().get())) {
        adopted.add(entry.tree().marker());
      } else {
        unwanted.add(entry);
      }
    }
    return new Left(opened.ledger(), adopted, unwanted);
  }

  private boolean adopt(ProcessTree tree, LedgerEntry.Comeback comeback) {
    Optional<URI> here = listener.endpoint().map(Endpoint::uri);
    if (here.isPresent() && !here.get().equals(comeback.dials())) {
      LOG.warn(
          "worker {} of an earlier Runtime dials {} and cannot come back to {}: it is ended",
          comeback.worker(),
          comeback.dials(),
          here.get());
      return false;
    }
    Optional<WorkerLauncher.Launched> launched;
    try {
      launched = launcher.adopt(tree, comeback);
    } catch (ManyhandsException e) {
      LOG.warn("worker {} of an earlier Runtime is ended: {}", comeback.worker(), e.getMessage());
      return false;
    }
    if (launched.isEmpty()) {
      return false;
    }
    LocalWorker worker = new LocalWorker(comeback.worker(), comeback.stack());
    workers.put(worker.id(), worker);
    worker.started(launched.get().process());
    worker.accepted().complete(launched.get().worker());
    LOG.info("worker {} of an earlier Runtime, process {}, may come back", worker.id(), tree.pid());
    try {
      listener.onRecovered(worker.id(), worker.stack(), launched.get().worker());
    } catch (RuntimeException e) {
      LOG.error("the listener for recovered worker {} failed", worker.id(), e);
    }
    awaitEnd(worker, launched.get());
    return true;
  }

  private @Nullable Void begin(Left left, List<Long> survivors) {
    if (!left.unwanted().isEmpty()) {
      LOG.info("{} workers of an earlier Runtime were ended", left.unwanted().size());
    }
    PrivateDirectory.deleteAllBut(left.adopted(), directory);
    users.ifPresent(WorkerUsers::clear);
    Set<LaunchMarker> markers = new HashSet<>(left.adopted());
    if (!survivors.isEmpty()) {
      LOG.warn("processes {} of an earlier Runtime could not be ended", survivors);
      left.unwanted().forEach(entry -> markers.add(entry.tree().marker()));
    }
    left.ledger().retain(markers);
    if (!state.compareAndSet(State.STARTING, State.RUNNING)) {
      closeLedger();
    }
    return null;
  }

  @Override
  public CompletionStage<ProvisionedWorker> request(ProvisionRequest request) {
    if (state.get() != State.RUNNING) {
      return CompletableFuture.failedFuture(refused(request.stack(), "it is not running"));
    }
    LocalWorker worker = new LocalWorker(request.id(), request.stack());
    if (workers.putIfAbsent(request.id(), worker) != null) {
      return CompletableFuture.failedFuture(
          refused(request.stack(), "worker " + request.id() + " has been requested already"));
    }
    CallQueue.Task task =
        new CallQueue.Task(
            () -> launch(worker, request),
            e -> refuse(worker, refused(worker, "the Runtime is too busy")));
    worker.task(task);
    try {
      launches.submit(task);
    } catch (RejectedExecutionException e) {
      refuse(worker, refused(worker, String.valueOf(e.getMessage())));
    }
    if (state.get() != State.RUNNING) {
      release(request.id(), Duration.ZERO);
    }
    return worker.accepted().copy();
  }

  @Override
  public CompletionStage<Void> release(WorkerId id, Duration grace) {
    LocalWorker worker = workers.get(id);
    if (worker == null) {
      return CompletableFuture.completedFuture(null);
    }
    worker.unwanted(grace);
    CallQueue.Task task = worker.task();
    if (task != null && launches.withdraw(task)) {
      refuse(worker, refused(worker, "it was released before it started"));
    }
    return worker.ended().copy();
  }

  @Override
  public boolean isPeerOf(WorkerId id, WorkerConnection.PeerCredentials peer) {
    LocalWorker worker = workers.get(id);
    WorkerProcess process = worker == null ? null : worker.process();
    if (process == null) {
      return false;
    }
    // Only a socket has an owner, and only Linux tells whose it is.
    if (peer.remote().isEmpty()
        || peer.local().isEmpty()
        || !Files.exists(Path.of("/proc/self/net/tcp"))) {
      return true;
    }
    return process.ownsConnection(peer.remote().get(), peer.local().get());
  }

  @Override
  public boolean sharesOneTrustDomain() {
    return users.isEmpty();
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    state.set(State.STOPPED);
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (LocalWorker worker : List.copyOf(workers.values())) {
      ends.add(release(worker.id(), grace).toCompletableFuture());
    }
    CompletableFuture<Void> all = CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    Scheduler.Cancellable deadline =
        scheduler.schedule(() -> all.complete(null), grace.plus(STOP_MARGIN));
    return all.thenCompose(ignored -> blocking(this::closeAll))
        .whenComplete((ignored, error) -> deadline.cancel());
  }

  private @Nullable Void closeAll() {
    supervisor.close();
    closeLedger();
    if (!workers.isEmpty()) {
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE,
          "provisioner local: %d worker processes could not be ended".formatted(workers.size()));
    }
    return null;
  }

  private void closeLedger() {
    Ledger open = ledger;
    ledger = null;
    if (open != null) {
      open.close();
    }
  }

  private void launch(LocalWorker worker, ProvisionRequest request) {
    Ledger open = ledger;
    if (worker.unwanted() || open == null) {
      refuse(worker, refused(worker, "it was released before it started"));
      return;
    }
    WorkerLauncher.Launched launched;
    try {
      launched =
          launcher.launch(request, open, worker::started, line -> onOutput(worker.id(), line));
    } catch (ManyhandsException e) {
      refuse(worker, e);
      return;
    } catch (RuntimeException e) {
      LOG.error("launch of a worker of stack {} failed", worker.stack(), e);
      refuse(worker, WorkerLauncher.refused(worker.stack(), ErrorCode.INTERNAL, e.toString(), e));
      return;
    }
    LOG.info(
        "worker {} of stack {} started as process {}",
        worker.id(),
        worker.stack(),
        launched.process().pid());
    // Acceptance first: nobody is to hear of the end of a worker that was never accepted.
    worker.accepted().complete(launched.worker());
    awaitEnd(worker, launched);
  }

  private void awaitEnd(LocalWorker worker, WorkerLauncher.Launched launched) {
    launched.process().exit().thenAccept(exit -> onBlocking(() -> ended(worker, launched, exit)));
  }

  private void refuse(LocalWorker worker, ManyhandsException why) {
    workers.remove(worker.id(), worker);
    worker.accepted().completeExceptionally(why);
    worker.ended().complete(null);
  }

  private void onOutput(WorkerId id, OutputLine line) {
    listener.onOutput(id, line.text(), line.source() == OutputLine.Source.STDERR);
  }

  private void ended(LocalWorker worker, WorkerLauncher.Launched launched, WorkerExit exit) {
    launcher.clear(launched.own());
    Ledger open = ledger;
    if (open != null && exit.survivors().isEmpty()) {
      try {
        open.ended(launched.process().tree().marker());
      } catch (ManyhandsException e) {
        LOG.warn("worker {}: {}", worker.id(), e.getMessage());
      }
    }
    workers.remove(worker.id(), worker);
    String reason = "its process ended: " + exit.describe();
    LOG.info("worker {}: {}", worker.id(), reason);
    try {
      listener.onTerminated(
          worker.id(),
          new Termination(
              reason,
              exit.exitCode() == WorkerExit.UNKNOWN
                  ? OptionalInt.empty()
                  : OptionalInt.of(exit.exitCode()),
              exit.lastLines().stream().map(OutputLine::text).toList()));
    } catch (RuntimeException e) {
      LOG.error("the listener for the end of worker {} failed", worker.id(), e);
    }
    worker.ended().complete(null);
  }

  private <T extends @Nullable Object> CompletableFuture<T> blocking(Supplier<T> work) {
    try {
      return CompletableFuture.supplyAsync(work, blocking);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(
          new ManyhandsException(
              ErrorCode.RESOURCE_UNAVAILABLE, "provisioner local: the Runtime is too busy", e));
    }
  }

  /** Clearing up takes the disk; it is done in any case. */
  private void onBlocking(Runnable work) {
    try {
      blocking.execute(work);
    } catch (RejectedExecutionException e) {
      work.run();
    }
  }

  private static ManyhandsException refused(LocalWorker worker, String why) {
    return refused(worker.stack(), why);
  }

  private static ManyhandsException refused(WorkerStack stack, String why) {
    return WorkerLauncher.refused(stack, ErrorCode.PROVISIONING_FAILED, why, null);
  }
}
