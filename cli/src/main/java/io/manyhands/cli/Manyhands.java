/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli;

import io.manyhands.api.ManyhandsException;
import io.manyhands.cli.serve.ServeCommand;
import io.manyhands.support.appfiles.AppFileException;
import io.manyhands.support.launch.LaunchException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code manyhands}: exit code 0 where all went well, 1 on a failure, 2 on misuse. */
@Command(
    name = "manyhands",
    description = "Runs function applications.",
    mixinStandardHelpOptions = true,
    versionProvider = Manyhands.Version.class)
public final class Manyhands implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  private Manyhands() {}

  public static void main(String[] words) {
    PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
    PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
    System.exit(execute(List.of(new RunCommand(), new ServeCommand()), out, err, words));
  }

  static int execute(List<?> commands, PrintWriter out, PrintWriter err, String... words) {
    CommandLine line = new CommandLine(new Manyhands());
    commands.forEach(line::addSubcommand);
    return line.setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler(Manyhands::failed)
        .execute(words);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given (expected: run or serve)");
  }

  private static int failed(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (failure instanceof CommandException
        || failure instanceof IOException
        || failure instanceof ManyhandsException
        || failure instanceof AppFileException
        || failure instanceof LaunchException) {
      command.getErr().println("manyhands: " + failure.getMessage());
      return 1;
    }
    throw failure;
  }

  /** That of the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Manyhands.class.getPackage().getImplementationVersion();
      return new String[] {"manyhands " + (version == null ? "(not packaged)" : version)};
    }
  }
}
