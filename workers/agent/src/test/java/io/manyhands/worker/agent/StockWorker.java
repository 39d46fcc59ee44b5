/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.worker.WorkerStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An official worker: its double, or the real one where {@code -Dmanyhands.workers=DIR} names where
 * it is installed.
 */
enum StockWorker {
  NODE_V4("node-v4", "node", true),
  NODE_V3("node-v3", "node", false),
  JAVA("java", "java", false),
  PYTHON_V2("python-v2", "python", true),
  PYTHON_V1("python-v1", "python", false),
  GO("go", "go", true);

  static final String TICKS = "TICKS";

  private static final List<String[]> FUNCTIONS =
      List.of(
          new String[] {"echo", "echo", ""},
          new String[] {"env", "env", "COLOUR"},
          new String[] {"fail", "throw", "it was meant to fail"},
          new String[] {"logs", "log", "a line of the function"},
          new String[] {"prints", "print", "a line that was printed"},
          new String[] {"die", "exit", "3"},
          new String[] {"sleep", "sleep", "600000"},
          new String[] {"rest", "sleep", "1500"});

  private final String mode;
  private final String language;
  private final boolean indexes;

  StockWorker(String mode, String language, boolean indexes) {
    this.mode = mode;
    this.language = language;
    this.indexes = indexes;
  }

  WorkerStack stack() {
    return WorkerStack.of(language);
  }

  String language() {
    return language;
  }

  /** A workers directory with this worker in it. */
  Path directory(Path under) throws IOException {
    String real = System.getProperty("manyhands.workers", "");
    if (!real.isEmpty()) {
      return Path.of(real).toAbsolutePath();
    }
    Path directory = under.resolve("workers-" + mode);
    Path folder = Files.createDirectories(directory.resolve(language));
    Path classPath = folder.resolve("class-path");
    Files.writeString(classPath, "-cp \"" + System.getProperty("java.class.path") + "\"\n");
    Files.writeString(
        folder.resolve("worker.config.json"),
        """
        {"description": {
          "language": "%s", "extensions": [".x"], "defaultExecutablePath": "%s",
          "arguments": ["-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
            "@{workerDirectoryPath}/class-path",
            "io.manyhands.worker.doubles.DoubleMain", "%s"],
          "defaultRuntimeName": "%s", "workerIndexing": "%s"}}
        """
            .formatted(language, java(), mode, language, indexes));
    return directory;
  }

  static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  ApplicationDefinition application(String id, Path app, String colour, Path ticks) {
    return ApplicationDefinition.builder(id)
        .tenant("acme")
        .stack(stack())
        .content(ApplicationContent.directory(app))
        .setting("COLOUR", colour)
        .setting(TICKS, ticks.toString())
        .build();
  }

  /** The application of the suite, as this worker likes it. */
  Path app(Path directory) throws IOException {
    String real = System.getProperty("manyhands.apps", "");
    if (!real.isEmpty()) {
      return Path.of(real, mode).toAbsolutePath();
    }
    Files.createDirectories(directory);
    List<String> lines = new ArrayList<>();
    for (String[] function : FUNCTIONS) {
      lines.add(
          """
          {"name": "%s", "does": "%s", "argument": "%s"}\
          """
              .formatted((Object[]) function));
      describe(directory, function[0], HTTP.formatted(mode.equals("node-v3") ? "res" : "$return"));
    }
    lines.add(
        """
        {"name": "tick", "does": "note", "argument": "%s", "trigger": {%s}}\
        """
            .formatted(TICKS, TIMER));
    describe(directory, "tick", "{%s, \"direction\": \"in\"}".formatted(TIMER));
    Files.writeString(
        directory.resolve("doubles.json"), "{\"functions\": [" + String.join(",\n", lines) + "]}");
    return directory;
  }

  private static final String TIMER =
      """
      "type": "timerTrigger", "name": "timer", "schedule": "* * * * * *\"\
      """;

  private static final String HTTP =
      """
      {"type": "httpTrigger", "name": "req", "direction": "in", "authLevel": "anonymous",
       "methods": ["get", "post"]},
      {"type": "http", "name": "%s", "direction": "out"}\
      """;

  private void describe(Path directory, String name, String bindings) throws IOException {
    if (indexes) {
      return;
    }
    Path folder = Files.createDirectories(directory.resolve(name));
    String script = "";
    switch (this) {
      case JAVA -> {
        Files.writeString(directory.resolve("app.jar"), "");
        script =
            "\"scriptFile\": \"../app.jar\", \"entryPoint\": \"com.example.Functions."
                + name
                + "\", ";
      }
      case NODE_V3 -> Files.writeString(folder.resolve("index.js"), "");
      default -> Files.writeString(folder.resolve("__init__.py"), "");
    }
    Files.writeString(
        folder.resolve("function.json"), "{" + script + "\"bindings\": [" + bindings + "]}");
  }
}
