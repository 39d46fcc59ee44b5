/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli;

import io.manyhands.api.worker.WorkerStack;
import io.manyhands.support.launch.WorkersDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The folders of workers on this machine.
 *
 * @param directories those that are there, the first that knows a language decides
 * @param lookedIn all those that were looked for
 */
record WorkerFolders(List<Path> directories, List<Path> lookedIn) {
  /** Where the launcher says that the Java worker of this distribution is. */
  static final String BUNDLED = "manyhands.workers.bundled";

  private static final String OFFICIAL_JAVA = "java";
  private static final String OWN_JAVA = "manyhands-java";

  WorkerFolders {
    directories = List.copyOf(directories);
    lookedIn = List.copyOf(lookedIn);
  }

  /**
   * @param given by the user, in place of the usual ones; each must be there
   */
  static WorkerFolders find(List<Path> given) throws IOException {
    for (Path each : given) {
      if (!Files.isDirectory(each)) {
        throw new CommandException(
            "--workers: "
                + each
                + ": no such directory (expected: folders with a worker.config.json each)");
      }
    }
    Set<Path> candidates = new LinkedHashSet<>(given);
    if (given.isEmpty()) {
      candidates.addAll(coreTools());
    }
    String bundled = System.getProperty(BUNDLED, "");
    if (!bundled.isEmpty()) {
      candidates.add(Path.of(bundled));
    }
    List<Path> there = new ArrayList<>();
    for (Path each : candidates) {
      if (Files.isDirectory(each)) {
        there.add(each.toRealPath());
      }
    }
    return new WorkerFolders(there, List.copyOf(candidates));
  }

  /** Where Azure Functions Core Tools keep theirs, by the ways in which they are installed. */
  private static Set<Path> coreTools() throws IOException {
    Set<Path> candidates = new LinkedHashSet<>();
    String path = System.getenv("PATH");
    for (String entry : (path == null ? "" : path).split(File.pathSeparator)) {
      Path func = Path.of(entry.isEmpty() ? "/nowhere" : entry).resolve("func");
      if (Files.isRegularFile(func)) {
        Path real = func.toRealPath();
        // A package of the system has them beside the program, npm below the script's bin.
        candidates.add(real.resolveSibling("workers"));
        candidates.add(real.resolveSibling("bin").resolve("workers"));
      }
    }
    candidates.add(Path.of("/usr/lib/azure-functions-core-tools-4/workers"));
    candidates.add(Path.of("/usr/lib/node_modules/azure-functions-core-tools/bin/workers"));
    candidates.add(Path.of("/usr/local/lib/node_modules/azure-functions-core-tools/bin/workers"));
    candidates.add(Path.of("/opt/homebrew/opt/azure-functions-core-tools@4/workers"));
    return candidates;
  }

  /**
   * The stack with which an application of that language runs here.
   *
   * @throws CommandException saying what is missing and how it is had
   */
  WorkerStack resolve(WorkerStack asked) {
    WorkersDirectory found = WorkersDirectory.scan(directories);
    String language = asked.language();
    if (found.workers().containsKey(language) || found.problems().containsKey(language)) {
      // What is wrong with a file is said when the worker is started.
      return asked;
    }
    if (language.equals(OFFICIAL_JAVA) && found.workers().containsKey(OWN_JAVA)) {
      return WorkerStack.of(OWN_JAVA, asked.version());
    }
    throw new CommandException(
        "no worker for "
            + language
            + " on this machine (here are: "
            + (found.workers().isEmpty() ? "none" : String.join(", ", found.workers().keySet()))
            + "; looked in: "
            + lookedIn.stream().map(Path::toString).collect(Collectors.joining(", "))
            + "). Install Azure Functions Core Tools, or say --workers DIR");
  }

  /** As the local provisioner's option wants them. */
  String option() {
    return directories.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
