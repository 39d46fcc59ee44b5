/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.manyhands.support.launch.LaunchMarker;
import io.manyhands.support.launch.OutputLimits;
import io.manyhands.support.launch.OutputLine;
import io.manyhands.support.launch.ProcessSpec;
import io.manyhands.support.launch.ProcessSupervisor;
import io.manyhands.support.launch.WorkerExit;
import io.manyhands.support.launch.WorkerProcess;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Starts worker processes in private directories. */
final class ProcessLauncher implements WorkerLauncher {
  private static final String LARGEST_MESSAGE = Integer.toString(Integer.MAX_VALUE);

  /** Whether this machine tells which process holds a connection. */
  private static final boolean PEERS_KNOWN = Files.isReadable(Path.of("/proc/self/net/tcp"));

  private final ProcessSupervisor supervisor;
  private final PrivateDirectories directories;
  private final String searchPath;

  ProcessLauncher(ProcessSupervisor supervisor, PrivateDirectories directories, String searchPath) {
    this.supervisor = supervisor;
    this.directories = directories;
    this.searchPath = searchPath;
  }

  @Override
  public Launched launch(WorkerPlan plan, String id, int port, Consumer<OutputLine> output) {
    PrivateDirectories.Home home = directories.create();
    try {
      Map<String, String> base = base(plan, home);
      Map<String, String> environment = new HashMap<>(plan.environment());
      environment.putAll(base);
      Path directory = home.work();
      if (plan.application().isPresent()) {
        directory = plan.application().get();
        environment.putIfAbsent("AzureWebJobsScriptRoot", directory.toString());
        environment.putIfAbsent("FUNCTIONS_APPLICATION_DIRECTORY", directory.toString());
      } else {
        environment.put("WEBSITE_PLACEHOLDER_MODE", "1");
      }
      WorkerProcess process =
          supervisor.start(
              new ProcessSpec(
                  plan.command().commandLine(arguments(id, port, home.marker().value())),
                  environment,
                  directory,
                  home.marker(),
                  OutputLimits.defaults()),
              output);
      return new Running(process, home, base);
    } catch (RuntimeException e) {
      directories.delete(home);
      throw e;
    }
  }

  private Map<String, String> base(WorkerPlan plan, PrivateDirectories.Home home) {
    Map<String, String> base = new HashMap<>();
    base.put("PATH", searchPath);
    base.put("LANG", plan.environment().getOrDefault("LANG", "C.UTF-8"));
    base.put("HOME", home.home().toString());
    base.put("TMPDIR", home.temporary().toString());
    base.put("FUNCTIONS_WORKER_DIRECTORY", plan.command().workerDirectory().toString());
    String version = plan.command().version();
    if (version != null) {
      base.put("FUNCTIONS_WORKER_RUNTIME_VERSION", version);
    }
    base.put(LaunchMarker.VARIABLE, home.marker().carried());
    return base;
  }

  /** Both official sets, in the order that every worker accepts (P-LAUNCH-1). */
  private static List<String> arguments(String id, int port, String requestId) {
    String number = Integer.toString(port);
    return List.of(
        "--host",
        WorkerPort.HOST,
        "--port",
        number,
        "--workerId",
        id,
        "--requestId",
        requestId,
        "--grpcMaxMessageLength",
        LARGEST_MESSAGE,
        "--functions-uri",
        "http://" + WorkerPort.HOST + ":" + number + "/",
        "--functions-worker-id",
        id,
        "--functions-request-id",
        requestId,
        "--functions-grpc-max-message-length",
        LARGEST_MESSAGE);
  }

  private final class Running implements Launched {
    private final WorkerProcess process;
    private final PrivateDirectories.Home home;
    private final Map<String, String> base;

    Running(WorkerProcess process, PrivateDirectories.Home home, Map<String, String> base) {
      this.process = process;
      this.home = home;
      this.base = Map.copyOf(base);
    }

    @Override
    public long pid() {
      return process.pid();
    }

    @Override
    public Map<String, String> base() {
      return base;
    }

    @Override
    public CompletableFuture<WorkerExit> exit() {
      return process.exit();
    }

    @Override
    public boolean owns(InetSocketAddress remote, InetSocketAddress local) {
      return !PEERS_KNOWN || process.ownsConnection(remote, local);
    }

    @Override
    public void terminate(Duration grace) {
      process.terminate(grace);
    }

    @Override
    public void kill() {
      process.kill();
    }

    @Override
    public void clear() {
      directories.delete(home);
    }
  }
}
