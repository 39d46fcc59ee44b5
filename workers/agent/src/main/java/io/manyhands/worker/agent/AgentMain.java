/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.manyhands.support.launch.LaunchException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import picocli.CommandLine;

/**
 * The process. Exit code 0 when its workers were needed no more or it was told to end, 1 when one
 * ended that should not have and no other follows, 2 for options that cannot be followed.
 */
public final class AgentMain {
  private static final int WRONG_OPTIONS = 2;

  private AgentMain() {}

  public static void main(String[] words) throws InterruptedException {
    int code = run(List.of(words), System.getenv());
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(code);
  }

  private static int run(List<String> words, Map<String, String> environment)
      throws InterruptedException {
    AgentCommand command = new AgentCommand();
    CommandLine line = new CommandLine(command).setOverwrittenOptionsAllowed(true);
    AgentOptions options;
    try {
      line.setDefaultValueProvider(OptionDefaults.read(words, environment, names(line)));
      line.parseArgs(words.toArray(String[]::new));
      if (line.isUsageHelpRequested()) {
        line.usage(System.out);
        return 0;
      }
      if (line.isVersionHelpRequested()) {
        System.out.println(version());
        return 0;
      }
      options = command.options(environment);
    } catch (CommandLine.ParameterException | IllegalArgumentException e) {
      return refused(e);
    }
    return serve(options);
  }

  private static int serve(AgentOptions options) throws InterruptedException {
    Agent agent;
    try {
      agent = Agent.start(options);
    } catch (LaunchException | IOException e) {
      return refused(e);
    }
    Thread leaving = new Thread(() -> agent.leave("the agent was told to end"), "agent-leaving");
    Runtime.getRuntime().addShutdownHook(leaving);
    try {
      boolean orderly = agent.ended().get();
      try {
        Runtime.getRuntime().removeShutdownHook(leaving);
      } catch (IllegalStateException e) {
        // It is at work already, and ends the process.
        leaving.join();
        return 0;
      }
      agent.close();
      return orderly ? 0 : 1;
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody fails this future", e);
    }
  }

  private static int refused(Exception why) {
    System.err.println("manyhands-agent: " + why.getMessage());
    return WRONG_OPTIONS;
  }

  private static Set<String> names(CommandLine line) {
    return line.getCommandSpec().options().stream()
        .filter(option -> !option.hidden())
        .map(option -> option.longestName().substring(2))
        .collect(Collectors.toSet());
  }

  private static String version() {
    String version = AgentMain.class.getPackage().getImplementationVersion();
    return "manyhands-agent " + (version == null ? "(not packaged)" : version);
  }
}
