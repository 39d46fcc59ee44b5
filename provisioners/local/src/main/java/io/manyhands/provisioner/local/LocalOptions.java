/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.support.launch.LaunchSettings;
import io.manyhands.support.launch.OutputLimits;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The options of the local provisioner.
 *
 * @param workersDirectories the option of that name in the singular: required; folders of {@code
 *     <language>/worker.config.json}, several separated as in PATH, the first that knows a language
 *     decides it
 * @param launch what a launch needs of this machine: {@code executable.<language>} or {@code
 *     executable.<language>/<version>} instead of the file's {@code defaultExecutablePath}; {@code
 *     searchPath}, where programs are looked up (default: the Runtime's own PATH); {@code javaHome}
 *     (default: the Runtime's own Java), which stands for {@code %JAVA_HOME%} and whose {@code bin}
 *     is looked into, first where the option is given, else last; {@code variable.<NAME>}, the
 *     value of another {@code %NAME%} in a worker's file
 * @param searchPath PATH of the workers
 * @param environment {@code environment.<NAME>}: further variables of every worker
 * @param workDirectory {@code workDirectory}: of the ledger and the workers' private directories;
 *     default {@code local} in the state directory; one Runtime at a time
 * @param startupConcurrency {@code startupConcurrency}: processes launched at once; default the
 *     number of cores; up to {@link #MAX_WAITING} more wait
 * @param dedicated {@code dedicated}: languages, separated by commas, whose workers are started for
 *     one application each; beside those whose worker.config.json says {@code "specializable":
 *     false} in its description. Their executable may be in the application: {@code
 *     %FUNCTIONS_APPLICATION_DIRECTORY%} stands for its directory
 * @param users {@code runAs}: numbers of users, such as {@code 200000-200999}, that are nobody
 *     else's: each worker, and so each application, runs as one of its own. Needs root, Linux, and
 *     {@code workDirectory}, a directory that every user may pass through; applications and worker
 *     programs must be readable for every user. Default none: workers run as the Runtime's user
 * @param output {@code outputLines} (default 50), {@code outputLineBytes} (8192) and {@code
 *     outputBytes} (65536): how much of a worker's last output is kept
 */
record LocalOptions(
    List<Path> workersDirectories,
    LaunchSettings launch,
    String searchPath,
    Map<String, String> environment,
    Path workDirectory,
    int startupConcurrency,
    Set<String> dedicated,
    Optional<WorkerUsers> users,
    OutputLimits output) {
  static final int MAX_WAITING = 10_000;
  private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

  static LocalOptions read(PluginConfig config, PluginContext context) {
    List<Path> workers = paths(config, "workersDirectory", config.required("workersDirectory"));
    String inherited = System.getenv("PATH");
    String searchPath = config.text("searchPath", inherited == null ? DEFAULT_PATH : inherited);
    Optional<Path> javaHome = config.path("javaHome");
    if (javaHome.isPresent() && !Files.isExecutable(javaHome.get().resolve("bin/java"))) {
      throw config.invalid("javaHome", javaHome.get().toString(), "a directory with bin/java");
    }
    Map<String, String> executables = config.withPrefix("executable.");
    Map<String, String> variables = new HashMap<>(config.withPrefix("variable."));
    Map<String, String> environment = config.withPrefix("environment.");
    Optional<Path> workDirectory = config.path("workDirectory");
    int cores = Runtime.getRuntime().availableProcessors();
    int concurrency = (int) config.number("startupConcurrency", cores, 1, 1_000);
    Set<String> dedicated = languages(config, "dedicated");
    Optional<WorkerUsers> users = WorkerUsers.read(config, workDirectory);
    OutputLimits output =
        new OutputLimits(
            (int) config.number("outputLines", 50, 0, 10_000),
            (int) config.number("outputLineBytes", 8 * 1024, 80, 1024 * 1024),
            (int) config.number("outputBytes", 64 * 1024, 80, 16 * 1024 * 1024));
    config.finish();

    Path ownJava = Path.of(System.getProperty("java.home", "/"));
    variables.putIfAbsent("JAVA_HOME", javaHome.orElse(ownJava).toString());
    String path =
        javaHome.isPresent()
            ? javaHome.get().resolve("bin") + File.pathSeparator + searchPath
            : searchPath + File.pathSeparator + ownJava.resolve("bin");
    return new LocalOptions(
        workers,
        LaunchSettings.ofPath(path).withVariables(variables).withExecutables(executables),
        javaHome.isPresent() ? path : searchPath,
        environment,
        workDirectory.orElseGet(() -> context.stateDirectory().resolve("local")),
        concurrency,
        dedicated,
        users,
        output);
  }

  private static Set<String> languages(PluginConfig config, String key) {
    Set<String> languages = new TreeSet<>();
    for (String each : config.text(key, "").split(",")) {
      try {
        if (!each.isBlank()) {
          languages.add(WorkerStack.of(each.strip()).language());
        }
      } catch (ManyhandsException e) {
        throw config.invalid(key, each.strip(), "languages separated by commas");
      }
    }
    return languages;
  }

  private static List<Path> paths(PluginConfig config, String key, String value) {
    List<Path> paths = new ArrayList<>();
    for (String each : value.split(File.pathSeparator)) {
      try {
        paths.add(Path.of(each.strip()).toAbsolutePath().normalize());
      } catch (InvalidPathException e) {
        throw config.invalid(key, value, "directories separated by " + File.pathSeparator);
      }
    }
    return paths;
  }
}
