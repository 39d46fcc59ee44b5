/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Starts a Runtime with one application and serves until it is told to stop. */
@Command(
    name = "run",
    description =
        "Starts a Runtime on this machine with the function application in DIR, prints its URLs and"
            + " logs, and restarts it when its files change. Ctrl-C stops.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      defaultValue = ".",
      description = "The application's directory, where host.json is. Default: the current one.")
  Path directory = Path.of(".");

  @Option(
      names = "--workers",
      paramLabel = "DIR",
      description =
          "Where workers are, one folder a language with a worker.config.json; can be repeated."
              + " Default: those of Azure Functions Core Tools and the Java worker of this"
              + " distribution.")
  List<Path> workers = List.of();

  @Option(
      names = "--stack",
      paramLabel = "LANGUAGE[:VERSION]",
      description =
          "What runs the application, for instance python:3.11. Default: as"
              + " FUNCTIONS_WORKER_RUNTIME in local.settings.json says, else as the files look.")
  @Nullable String stack;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "7071",
      description = "HTTP port on the loopback address; 0 for any. Default: 7071.")
  int port = 7071;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Where timers and process lists are kept. Default: below ~/.local/state.")
  @Nullable Path state;

  @Option(
      names = "--no-watch",
      description = "Does not restart the application when its files change.")
  boolean noWatch;

  @Option(names = "--verbose", description = "Shows the Runtime's own log as well.")
  boolean verbose;

  private final Ending ending = new Ending();

  /** Ends the command as Ctrl-C does. */
  void stop() {
    ending.ask();
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (port < 0 || port > 65535) {
      throw new ParameterException(
          spec.commandLine(), "--port: " + port + " (expected: 0 to 65535)");
    }
    return ending.around(this::serve);
  }

  private int serve() throws IOException, InterruptedException {
    ConsoleLog.start(verbose);
    PrintWriter out = spec.commandLine().getOut();
    AppFolder application = AppFolder.open(directory);
    WorkerFolders folders = WorkerFolders.find(workers);
    LocalRun.Options options =
        new LocalRun.Options(stack, port, state == null ? application.stateDirectory() : state);
    try (LocalRun run = new LocalRun(application, folders, options, out)) {
      // Before the start, so that no change is missed.
      FolderWatch watch = noWatch ? null : FolderWatch.of(application.path());
      boolean serves = run.start();
      if (watch == null) {
        if (!serves) {
          return 1;
        }
        ending.await();
        return 0;
      }
      try (watch) {
        ending.whenAsked(watch::close);
        out.println("Watching " + application.path() + " for changes. Ctrl-C stops.");
        while (watch.awaitChange()) {
          run.update();
        }
      }
      return 0;
    }
  }
}
