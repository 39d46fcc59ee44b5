/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An application of the doubles: {@code doubles.json} says what each of its functions does. */
record AppScript(Path directory, List<Function> functions) {
  static final String FILE = "doubles.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A function.
   *
   * @param route of its HTTP trigger
   * @param does an action of {@link Actions}
   * @param argument of the action
   * @param trigger a binding in function.json's form, without direction, instead of HTTP
   */
  record Function(
      String name, String route, String does, String argument, Optional<ObjectNode> trigger) {}

  AppScript {
    functions = List.copyOf(functions);
  }

  static AppScript read(Path directory) {
    Path file = directory.resolve(FILE);
    List<Function> functions = new ArrayList<>();
    try {
      for (JsonNode node : JSON.readTree(Files.readAllBytes(file)).path("functions")) {
        String name = node.path("name").asText();
        functions.add(
            new Function(
                name,
                node.path("route").asText(name),
                node.path("does").asText("echo"),
                node.path("argument").asText(""),
                node.path("trigger") instanceof ObjectNode trigger
                    ? Optional.of(trigger)
                    : Optional.empty()));
      }
    } catch (IOException e) {
      throw new WorkerFault(file + ": cannot be read (" + e.getClass().getSimpleName() + ")");
    }
    return new AppScript(directory, functions);
  }

  Optional<Function> find(String name) {
    return functions.stream().filter(function -> function.name().equals(name)).findFirst();
  }

  Function require(String name) {
    return find(name)
        .orElseThrow(
            () -> new WorkerFault("no function " + name + " in " + directory.resolve(FILE)));
  }
}
