/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli.serve;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.cli.Ending;
import io.manyhands.core.ManyhandsRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a Runtime as its files say until it is told to stop. */
@Command(
    name = "serve",
    description =
        "Runs a Runtime with the options in FILE and the applications in the folder that it names,"
            + " which may change meanwhile. SIGTERM drains and stops.",
    mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
  private static final Duration START = Duration.ofMinutes(2);

  /** How long a changed file may go unnoticed. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "The server's configuration, in JSON.")
  Path file = Path.of("");

  private final Ending ending = new Ending();

  /** Ends the command as SIGTERM does. */
  public void stop() {
    ending.ask();
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    ServerConfig config = ServerConfig.read(file);
    return ending.around(() -> serve(config));
  }

  private int serve(ServerConfig config) throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    ApplicationsFolder folder =
        new ApplicationsFolder(config.applications(), config.options().drainGrace());
    ManyhandsRuntime.Builder builder = config.runtime();
    // Declared before the listeners open, so that workers of an earlier start find their own.
    folder.first().forEach(builder::application);
    FunctionRuntime runtime = builder.build();
    // Closed after the Runtime: its health can be asked for while it drains.
    try (ManagementServer management = manage(config, runtime)) {
      try (runtime) {
        out.println("Health and metrics on port " + management.port());
        runtime.startAndWait(START);
        management.setOpen(true);
        runtime.endpoints().forEach(each -> out.println(each.name() + " at " + each.uri()));
        out.println("Serving");
        while (!ending.await(LOOK)) {
          folder.look(runtime.jobHosts());
        }
        management.setOpen(false);
        out.println("Stopping");
      }
      return 0;
    }
  }

  private static ManagementServer manage(ServerConfig config, FunctionRuntime runtime)
      throws IOException {
    try {
      return new ManagementServer(config.management(), runtime);
    } catch (IOException taken) {
      runtime.close();
      throw taken;
    }
  }
}
