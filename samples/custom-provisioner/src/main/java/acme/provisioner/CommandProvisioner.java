/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package acme.provisioner;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.DialArguments;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.ProvisionerListener;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.provision.WorkerProvisioner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Starts workers by command lines. Ends what it started when it is stopped; a Runtime that is killed
 * by force leaves them to whatever the command line made of them.
 */
final class CommandProvisioner implements WorkerProvisioner {
  private final Map<String, String> commands;
  private final Executor blocking;
  private final Map<WorkerId, CommandWorker> workers = new ConcurrentHashMap<>();
  private volatile ProvisionerListener listener;
  private volatile boolean stopped;

  CommandProvisioner(Map<String, String> commands, Executor blocking) {
    this.commands = Map.copyOf(commands);
    this.blocking = blocking;
  }

  @Override
  public List<StackInfo> stacks() {
    return commands.keySet().stream()
        .sorted()
        .map(name -> StackInfo.of(WorkerStack.of(name)))
        .toList();
  }

  @Override
  public CompletionStage<Void> start(ProvisionerListener told) {
    listener = told;
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<ProvisionedWorker> request(ProvisionRequest request) {
    String command = commands.get(request.stack().language());
    if (command == null) {
      return refused(
          ErrorCode.INVALID_ARGUMENT,
          "stack " + request.stack() + " has no command (known: " + commands.keySet() + ")");
    }
    if (listener == null || stopped) {
      return refused(ErrorCode.PROVISIONING_FAILED, "provisioner command does not run");
    }
    List<String> line = new ArrayList<>(List.of(command.strip().split("\\s+")));
    line.addAll(DialArguments.of(request.endpoint(), request.id(), "command"));
    CommandWorker worker = new CommandWorker(request.id(), listener, this::ended);
    if (workers.putIfAbsent(request.id(), worker) != null) {
      return refused(ErrorCode.PROVISIONING_FAILED, "worker " + request.id() + " runs already");
    }
    try {
      blocking.execute(() -> worker.start(line, request));
    } catch (RejectedExecutionException e) {
      worker.refuse("the Runtime is too busy");
    }
    if (stopped) {
      worker.release(Duration.ZERO);
    }
    return worker.accepted();
  }

  @Override
  public CompletionStage<Void> release(WorkerId id, Duration grace) {
    CommandWorker worker = workers.get(id);
    return worker == null ? CompletableFuture.completedFuture(null) : worker.release(grace);
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    stopped = true;
    return CompletableFuture.allOf(
        workers.values().stream()
            .map(worker -> worker.release(grace).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  private void ended(CommandWorker worker) {
    workers.remove(worker.id(), worker);
  }

  private static <T> CompletionStage<T> refused(ErrorCode code, String why) {
    return CompletableFuture.failedFuture(new ManyhandsException(code, why));
  }
}
