/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart;

import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.worker.WorkerStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Applications for a mode of the doubles: doubles.json, and function.json where that mode's worker
 * does not index.
 */
final class DoubleApps {
  private static final List<String[]> FUNCTIONS =
      List.of(
          new String[] {"echo", "echo", "echo", ""},
          new String[] {"describe", "describe/{id:int}/{*rest}", "describe", ""},
          new String[] {"env", "env", "env", "COLOUR"},
          new String[] {"sum", "sum", "sum", ""},
          new String[] {"fail", "fail", "throw", "it was meant to fail"},
          new String[] {"logs", "logs", "log", "a line of the function"},
          new String[] {"die", "die", "exit", "3"},
          new String[] {"sleep", "sleep", "sleep", "600000"},
          new String[] {"teapot", "teapot", "status", "418"},
          new String[] {"cookies", "cookies", "cookies", ""});

  private DoubleApps() {}

  static String language(String mode) {
    return mode.replaceFirst("-v.*$", "");
  }

  static boolean indexes(String mode) {
    return List.of("node-v4", "python-v2", "go").contains(mode);
  }

  static ApplicationDefinition application(String mode, String id, Path directory, String colour) {
    return ApplicationDefinition.builder(id)
        .tenant("acme")
        .stack(WorkerStack.of(language(mode)))
        .content(ApplicationContent.directory(directory))
        .setting("COLOUR", colour)
        .build();
  }

  static Path write(String mode, Path directory) throws IOException {
    Files.createDirectories(directory);
    List<String> lines = new ArrayList<>();
    for (String[] function : FUNCTIONS) {
      lines.add(
          """
          {"name": "%s", "route": "%s", "does": "%s", "argument": "%s"}"""
              .formatted((Object[]) function));
      if (!indexes(mode)) {
        describe(mode, directory, function[0], function[1]);
      }
    }
    Files.writeString(
        directory.resolve("doubles.json"), "{\"functions\": [" + String.join(",\n", lines) + "]}");
    return directory;
  }

  private static void describe(String mode, Path directory, String name, String route)
      throws IOException {
    Path folder = Files.createDirectories(directory.resolve(name));
    String script = "";
    switch (mode) {
      case "java" -> {
        Files.writeString(directory.resolve("app.jar"), "");
        script =
            "\"scriptFile\": \"../app.jar\", \"entryPoint\": \"com.example.Functions."
                + name
                + "\", ";
      }
      case "node-v3" -> Files.writeString(folder.resolve("index.js"), "");
      default -> Files.writeString(folder.resolve("__init__.py"), "");
    }
    Files.writeString(
        folder.resolve("function.json"),
        """
        {%s"bindings": [
          {"type": "httpTrigger", "name": "req", "direction": "in", "authLevel": "anonymous",
           "methods": ["get", "post"], "route": "%s"},
          {"type": "http", "name": "%s", "direction": "out"}]}"""
            .formatted(script, route, mode.equals("node-v3") ? "res" : "$return"));
  }
}
