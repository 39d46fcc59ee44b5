/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.DialArguments;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.support.launch.LaunchException;
import io.manyhands.support.launch.LaunchMarker;
import io.manyhands.support.launch.OutputLine;
import io.manyhands.support.launch.ProcessSpec;
import io.manyhands.support.launch.ProcessSupervisor;
import io.manyhands.support.launch.ProcessTree;
import io.manyhands.support.launch.WorkerCommand;
import io.manyhands.support.launch.WorkerCommands;
import io.manyhands.support.launch.WorkerConfig;
import io.manyhands.support.launch.WorkerProcess;
import io.manyhands.support.launch.WorkersDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a request into a process in a private directory. Thread-safe; blocks on the disk. */
final class WorkerLauncher {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerLauncher.class);
  private static final long END_SECONDS = 20;

  private final LocalOptions options;
  private final WorkersDirectory workers;
  private final WorkerCommands commands;
  private final ProcessSupervisor supervisor;

  WorkerLauncher(LocalOptions options, WorkersDirectory workers, ProcessSupervisor supervisor) {
    this.options = options;
    this.workers = workers;
    this.supervisor = supervisor;
    commands = new WorkerCommands(options.launch());
  }

  /** A worker that runs, and what is to be cleared away after it. */
  record Launched(WorkerProcess process, ProvisionedWorker worker, PrivateDirectory own) {}

  /**
   * @param started is told the process as soon as there is one
   * @throws ManyhandsException where it cannot be started; then nothing is left of it
   */
  Launched launch(
      ProvisionRequest request,
      Ledger ledger,
      Consumer<WorkerProcess> started,
      Consumer<OutputLine> output) {
    WorkerConfig config = config(request.stack());
    WorkerCommand command = command(request, config);
    LaunchMarker marker = LaunchMarker.random();
    OptionalInt user =
        options.users().map(users -> OptionalInt.of(users.take())).orElseGet(OptionalInt::empty);
    PrivateDirectory own = directory(marker, user);
    try {
      ledger.starting(marker, request.id());
      own.create();
      Map<String, String> base = base(command, own, marker);
      Map<String, String> environment = new HashMap<>(base);
      if (comeback(request, config).isPresent() && !request.credential().isEmpty()) {
        // Of the process alone: good once, and gone from its environment with the first reload.
        environment.put(ProvisionRequest.CREDENTIAL_VARIABLE, request.credential());
      }
      WorkerProcess process =
          supervisor.start(spec(request, command, own, environment, marker), output);
      started.accept(process);
      try {
        ledger.started(new LedgerEntry(process.tree(), comeback(request, config)));
      } catch (ManyhandsException e) {
        end(process);
        throw e;
      }
      return new Launched(process, known(process, command, base), own);
    } catch (ManyhandsException e) {
      clear(own, ledger, marker);
      throw e;
    } catch (LaunchException e) {
      clear(own, ledger, marker);
      throw refused(request.stack(), ErrorCode.PROVISIONING_FAILED, e);
    }
  }

  /**
   * Takes over a worker that an earlier Runtime launched and that can come back; empty where it has
   * ended.
   *
   * @throws ManyhandsException where it could not be launched any more as it was
   */
  Optional<Launched> adopt(ProcessTree tree, LedgerEntry.Comeback comeback) {
    WorkerStack stack = comeback.stack();
    WorkerConfig config = config(stack);
    if (!config.description().traits().resumable()) {
      throw refused(stack, ErrorCode.PROVISIONING_FAILED, "its workers are not resumable", null);
    }
    OptionalInt user =
        options.users().isPresent()
            ? WorkerUsers.owner(options.workDirectory().resolve(tree.marker().value()))
            : OptionalInt.empty();
    options.users().ifPresent(users -> user.ifPresent(users::retake));
    PrivateDirectory own = directory(tree.marker(), user);
    Map<String, String> base;
    WorkerCommand command;
    try {
      command = commands.resolve(config, stack.version());
      base = base(command, own, tree.marker());
    } catch (LaunchException e) {
      throw refused(stack, ErrorCode.PROVISIONING_FAILED, e);
    }
    return supervisor
        .adopt(tree)
        .map(process -> new Launched(process, known(process, command, base), own));
  }

  private static ProvisionedWorker known(
      WorkerProcess process, WorkerCommand command, Map<String, String> base) {
    return new ProvisionedWorker(
        OptionalLong.of(process.pid()),
        command.workerDirectory().toString(),
        Map.of("host", "local"),
        base);
  }

  private PrivateDirectory directory(LaunchMarker marker, OptionalInt user) {
    return new PrivateDirectory(options.workDirectory().resolve(marker.value()), user);
  }

  private static Optional<LedgerEntry.Comeback> comeback(
      ProvisionRequest request, WorkerConfig config) {
    return config.description().traits().resumable()
        ? Optional.of(
            new LedgerEntry.Comeback(request.id(), request.stack(), request.endpoint().uri()))
        : Optional.empty();
  }

  private static void end(WorkerProcess process) {
    process.kill();
    try {
      process.exit().get(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("process {} did not end in time", process.pid(), e);
    }
  }

  /** After the end of a worker, or of one that never was. */
  void clear(PrivateDirectory own) {
    own.delete();
    options.users().ifPresent(users -> own.user().ifPresent(users::free));
  }

  private void clear(PrivateDirectory own, Ledger ledger, LaunchMarker marker) {
    clear(own);
    try {
      ledger.ended(marker);
    } catch (ManyhandsException e) {
      LOG.warn("after a launch that failed: {}", e.getMessage());
    }
  }

  private WorkerConfig config(WorkerStack stack) {
    try {
      return workers.require(stack.language());
    } catch (LaunchException e) {
      boolean broken = workers.problems().containsKey(stack.language());
      throw refused(stack, broken ? ErrorCode.PROVISIONING_FAILED : ErrorCode.INVALID_ARGUMENT, e);
    }
  }

  private WorkerCommand command(ProvisionRequest request, WorkerConfig config) {
    WorkerStack stack = request.stack();
    try {
      config.description().versions().choose(stack.language(), stack.version());
    } catch (LaunchException e) {
      throw refused(stack, ErrorCode.INVALID_ARGUMENT, e);
    }
    try {
      return commands(request).resolve(config, stack.version());
    } catch (LaunchException e) {
      throw refused(stack, ErrorCode.PROVISIONING_FAILED, e);
    }
  }

  /** A worker that is started for an application may lie in its directory. */
  private WorkerCommands commands(ProvisionRequest request) {
    return request
        .application()
        .map(
            target -> {
              Map<String, String> variables = new HashMap<>(options.launch().variables());
              variables.put("FUNCTIONS_APPLICATION_DIRECTORY", target.directory());
              return new WorkerCommands(options.launch().withVariables(variables));
            })
        .orElse(commands);
  }

  /** What every environment of this worker keeps, a reload included. */
  private Map<String, String> base(
      WorkerCommand command, PrivateDirectory own, LaunchMarker marker) {
    Map<String, String> base = new HashMap<>(options.environment());
    base.put("PATH", options.searchPath());
    base.putIfAbsent("LANG", "C.UTF-8");
    base.put("HOME", own.home().toString());
    base.put("TMPDIR", own.temporary().toString());
    base.put("FUNCTIONS_WORKER_DIRECTORY", command.workerDirectory().toString());
    if (command.version() != null) {
      base.put("FUNCTIONS_WORKER_RUNTIME_VERSION", command.version());
    }
    base.put(LaunchMarker.VARIABLE, marker.value());
    return base;
  }

  private ProcessSpec spec(
      ProvisionRequest request,
      WorkerCommand command,
      PrivateDirectory own,
      Map<String, String> base,
      LaunchMarker marker) {
    Map<String, String> environment = new HashMap<>();
    Path directory = own.work();
    if (request.application().isPresent()) {
      ProvisionRequest.Target target = request.application().get();
      environment.putAll(target.environment());
      if (!target.directory().isEmpty()) {
        directory = Path.of(target.directory());
      }
      if (!Files.isDirectory(directory)) {
        throw new LaunchException(
            "directory %s of application %s is not there".formatted(directory, target.id()));
      }
    } else {
      environment.put("WEBSITE_PLACEHOLDER_MODE", "1");
    }
    environment.putAll(base);
    List<String> arguments = DialArguments.of(request.endpoint(), request.id(), marker.value());
    List<String> line = command.commandLine(arguments);
    return new ProcessSpec(
        own.user().isPresent() ? WorkerUsers.command(own.user().getAsInt(), line) : line,
        environment,
        directory,
        marker,
        options.output());
  }

  private static ManyhandsException refused(
      WorkerStack stack, ErrorCode code, LaunchException why) {
    return refused(stack, code, String.valueOf(why.getMessage()), why);
  }

  static ManyhandsException refused(
      WorkerStack stack, ErrorCode code, String why, @Nullable Throwable cause) {
    return new ManyhandsException(
        code, "stack %s: provisioner local cannot start a worker: %s".formatted(stack, why), cause);
  }
}
