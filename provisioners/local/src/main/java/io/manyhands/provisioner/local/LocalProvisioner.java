/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

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
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.support.launch.LaunchArguments;
import io.manyhands.support.launch.LaunchException;
import io.manyhands.support.launch.LaunchMarker;
import io.manyhands.support.launch.LaunchSettings;
import io.manyhands.support.launch.OutputLimits;
import io.manyhands.support.launch.OutputLine;
import io.manyhands.support.launch.ProcessSpec;
import io.manyhands.support.launch.ProcessSupervisor;
import io.manyhands.support.launch.WorkerCommand;
import io.manyhands.support.launch.WorkerCommands;
import io.manyhands.support.launch.WorkerExit;
import io.manyhands.support.launch.WorkerProcess;
import io.manyhands.support.launch.WorkersDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Child processes of this machine, each in a private directory with an environment of its own. Thread-safe; what blocks runs on the blocking executor. */
final class LocalProvisioner implements WorkerProvisioner {
  private static final Logger LOG = LoggerFactory.getLogger(LocalProvisioner.class);
  private static final int MESSAGE_LENGTH = Integer.MAX_VALUE;

  private final WorkersDirectory workers;
  private final LaunchSettings settings;
  private final String searchPath;
  private final Path directory;
  private final Executor blocking;
  private final ProcessSupervisor supervisor = new ProcessSupervisor();
  private final Map<WorkerId, Child> children = new ConcurrentHashMap<>();
  private volatile @Nullable Ledger ledger;
  private volatile @Nullable ProvisionerListener listener;
  private volatile boolean stopped;

  /** One worker from acceptance to end; its process is there once it has been started. */
  private static final class Child {
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean unwanted;
    private volatile @Nullable WorkerProcess process;
  }

  LocalProvisioner(WorkersDirectory workers, LaunchSettings settings, String searchPath, Path directory, Executor blocking) {
    this.workers = workers;
    this.settings = settings;
    this.searchPath = searchPath;
    this.directory = directory;
    this.blocking = blocking;
    workers.problems().forEach((language, problem) -> LOG.warn("stack {} cannot be used: {}", language, problem));
  }

  @Override
  public List<StackInfo> stacks() {
    List<StackInfo> stacks = new ArrayList<>();
    workers
        .workers()
        .forEach(
            (language, config) ->
                stacks.add(
                    new StackInfo(
                        WorkerStack.of(language),
                        Optional.of(config.processOptions().initializationTimeout()),
                        Optional.of(config.processOptions().environmentReloadTimeout()))));
    return stacks;
  }

  @Override
  public CompletionStage<Void> start(ProvisionerListener told) {
    listener = told;
    return CompletableFuture.supplyAsync(this::openLedger, blocking)
        .thenCompose(
            opened ->
                supervisor
                    .killOrphans(opened.left().values())
                    .thenAcceptAsync(survivors -> cleaned(opened, survivors), blocking));
  }

  @Override
  public CompletionStage<ProvisionedWorker> request(ProvisionRequest request) {
    if (stopped || listener == null) {
      return CompletableFuture.failedFuture(refused(request, "the provisioner is not running", null));
    }
    Child child = new Child();
    children.put(request.id(), child);
    return CompletableFuture.supplyAsync(() -> launch(request, child), blocking)
        .whenComplete(
            (worker, error) -> {
              if (error != null) {
                children.remove(request.id(), child);
                child.ended.complete(null);
              }
            });
  }

  @Override
  public CompletionStage<Void> release(WorkerId worker, Duration grace) {
    Child child = children.get(worker);
    if (child == null) {
      return CompletableFuture.completedFuture(null);
    }
    child.unwanted = true;
    WorkerProcess process = child.process;
    if (process != null) {
      process.terminate(grace);
    }
    return child.ended.copy();
  }

  @Override
  public boolean isPeerOf(WorkerId worker, WorkerConnection.PeerCredentials peer) {
    Child child = children.get(worker);
    WorkerProcess process = child == null ? null : child.process;
    if (process == null || peer.remote().isEmpty() || peer.local().isEmpty()) {
      return child != null;
    }
    // Only Linux tells whose a socket is.
    return !Files.exists(Path.of("/proc/self/net/tcp")) || process.ownsConnection(peer.remote().get(), peer.local().get());
  }

  @Override
  public boolean sharesOneTrustDomain() {
    return true;
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    stopped = true;
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (WorkerId worker : List.copyOf(children.keySet())) {
      ends.add(release(worker, grace).toCompletableFuture());
    }
    return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).thenRunAsync(this::closeAll, blocking);
  }

  private Ledger.Opened openLedger() {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new ManyhandsException(ErrorCode.RESOURCE_UNAVAILABLE, "provisioner local: directory " + directory + " cannot be made: " + e, e);
    }
    return Ledger.open(directory);
  }

  private void cleaned(Ledger.Opened opened, List<Long> survivors) {
    if (!opened.left().isEmpty()) {
      LOG.info("{} workers of an earlier Runtime were ended", opened.left().size());
    }
    if (!survivors.isEmpty()) {
      LOG.warn("processes {} of an earlier Runtime could not be ended", survivors);
    }
    opened.left().keySet().forEach(name -> new PrivateDirectory(directory.resolve(name)).delete());
    opened.ledger().clear();
    ledger = opened.ledger();
  }

  private ProvisionedWorker launch(ProvisionRequest request, Child child) {
    Ledger open = ledger;
    if (child.unwanted || open == null) {
      throw refused(request, "it was released before it started", null);
    }
    WorkerCommand command;
    try {
      command = new WorkerCommands(settings).resolve(workers.require(request.stack().language()), request.stack().version());
    } catch (LaunchException e) {
      throw refused(request, String.valueOf(e.getMessage()), e);
    }
    LaunchMarker marker = LaunchMarker.random();
    PrivateDirectory own = PrivateDirectory.create(directory, marker.value());
    try {
      Map<String, String> base = own.environment(searchPath);
      open.starting(marker);
      WorkerProcess process = supervisor.start(spec(request, command, own, base, marker), line -> output(request.id(), line));
      open.started(process.tree());
      child.process = process;
      // Here, not on the supervisor's thread: clearing up takes the disk.
      process.exit().thenAcceptAsync(exit -> ended(request.id(), child, marker, own, exit), blocking);
      if (child.unwanted) {
        process.kill();
      }
      return new ProvisionedWorker(
          OptionalLong.of(process.pid()), command.workerDirectory().toString(), Map.of("host", "local"), base);
    } catch (LaunchException e) {
      own.delete();
      open.ended(marker);
      throw refused(request, String.valueOf(e.getMessage()), e);
    }
  }

  private ProcessSpec spec(
      ProvisionRequest request, WorkerCommand command, PrivateDirectory own, Map<String, String> base, LaunchMarker marker) {
    Map<String, String> environment = new HashMap<>(base);
    environment.put("FUNCTIONS_WORKER_DIRECTORY", command.workerDirectory().toString());
    Path work = own.work();
    if (request.application().isPresent()) {
      ProvisionRequest.Target target = request.application().get();
      environment.putAll(target.environment());
      work = target.directory().isEmpty() ? work : Path.of(target.directory());
    } else {
      environment.put("WEBSITE_PLACEHOLDER_MODE", "1");
    }
    LaunchArguments arguments =
        new LaunchArguments(
            request.endpoint().uri().getHost(), request.endpoint().uri().getPort(), request.id().value(), marker.value(), MESSAGE_LENGTH);
    return new ProcessSpec(command.commandLine(arguments), environment, work, marker, OutputLimits.defaults());
  }

  private void output(WorkerId worker, OutputLine line) {
    ProvisionerListener told = listener;
    if (told != null) {
      told.onOutput(worker, line.text(), line.source() == OutputLine.Source.STDERR);
    }
  }

  private void ended(WorkerId worker, Child child, LaunchMarker marker, PrivateDirectory own, WorkerExit exit) {
    try {
      own.delete();
      Ledger open = ledger;
      if (open != null) {
        open.ended(marker);
      }
    } catch (RuntimeException e) {
      LOG.warn("after the end of worker {}: {}", worker, e.getMessage());
    }
    children.remove(worker, child);
    child.ended.complete(null);
    ProvisionerListener told = listener;
    if (told != null) {
      told.onTerminated(
          worker,
          new Termination("its process ended: " + exit.describe(), OptionalInt.of(exit.exitCode()), exit.lastLines().stream().map(OutputLine::text).toList()));
    }
  }

  private void closeAll() {
    supervisor.close();
    Ledger open = ledger;
    ledger = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.warn("the ledger cannot be closed: {}", e.toString());
      }
    }
  }

  private static ManyhandsException refused(ProvisionRequest request, String why, @Nullable Throwable cause) {
    ErrorCode code = cause instanceof LaunchException ? ErrorCode.INVALID_ARGUMENT : ErrorCode.PROVISIONING_FAILED;
    return new ManyhandsException(code, "stack " + request.stack() + ": provisioner local cannot start a worker: " + why, cause);
  }
}
