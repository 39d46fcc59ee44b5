/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.appfiles;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A function.json.
 *
 * @param name of its folder
 * @param directory its folder
 * @param scriptFile absolute; empty where there is none to be found
 * @param entryPoint may be empty
 * @param disabled true where it is not to be run
 * @param bindings at least one
 */
public record FunctionJson(
    String name,
    Path directory,
    String scriptFile,
    String entryPoint,
    boolean disabled,
    List<Entry> bindings) {
  private static final Set<String> DIRECTIONS = Set.of("in", "out", "inout");
  private static final List<String> SCRIPTS =
      List.of(
          "index.js", "index.mjs", "index.cjs", "__init__.py", "main.py", "run.ps1", "function.js");

  public FunctionJson {
    bindings = List.copyOf(bindings);
  }

  /**
   * A binding.
   *
   * @param direction in, out or inout
   * @param attributes all of it as JDK values
   * @param json the same as text
   */
  public record Entry(
      String name, String type, String direction, Map<String, Object> attributes, String json) {}

  static FunctionJson read(Path directory, Path applicationDirectory) {
    Path file = directory.resolve("function.json");
    String source = file.toString();
    Map<String, Object> root = JsonFiles.read(file);
    if (!(root.get("bindings") instanceof List<?> list) || list.isEmpty()) {
      throw AppFileException.of(
          source, "bindings", root.get("bindings"), "a list with at least one binding");
    }
    List<Entry> bindings = new ArrayList<>();
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    int triggers = 0;
    for (int index = 0; index < list.size(); index++) {
      Entry entry = binding(list.get(index), source, "bindings[" + index + "]");
      if (!names.add(entry.name())) {
        throw AppFileException.of(
            source,
            "bindings[" + index + "].name",
            entry.name(),
            "a name that no other binding has");
      }
      triggers += entry.type().toLowerCase(Locale.ROOT).endsWith("trigger") ? 1 : 0;
      bindings.add(entry);
    }
    if (triggers != 1) {
      throw AppFileException.of(source, "bindings", triggers + " triggers", "exactly one");
    }
    return new FunctionJson(
        directory.getFileName().toString(),
        directory,
        script(root, directory, applicationDirectory, source),
        JsonFiles.text(root, "entryPoint", "", source),
        Boolean.TRUE.equals(root.get("disabled")),
        bindings);
  }

  /**
   * One binding from its JSON text, as a worker's index gives it; direction without regard to case.
   */
  public static Entry binding(String json, String source) {
    return binding(JsonFiles.parse(json, source), source, "binding");
  }

  private static Entry binding(Object value, String source, String key) {
    Map<String, Object> binding = JsonFiles.object(value, source, key);
    String type = JsonFiles.text(binding, "type", "", source);
    if (type.isEmpty()) {
      throw AppFileException.of(
          source, key + ".type", "missing", "a binding type such as httpTrigger");
    }
    String name = JsonFiles.text(binding, "name", "", source);
    if (name.isEmpty()) {
      throw AppFileException.of(source, key + ".name", "missing", "a name, or $return");
    }
    String direction = JsonFiles.text(binding, "direction", "in", source).toLowerCase(Locale.ROOT);
    if (!DIRECTIONS.contains(direction)) {
      throw AppFileException.of(source, key + ".direction", direction, "in, out or inout");
    }
    return new Entry(name, type, direction, binding, JsonFiles.write(binding));
  }

  private static String script(
      Map<String, Object> root, Path directory, Path applicationDirectory, String source) {
    String named = JsonFiles.text(root, "scriptFile", "", source);
    if (named.isEmpty()) {
      return SCRIPTS.stream()
          .map(directory::resolve)
          .filter(Files::isRegularFile)
          .findFirst()
          .map(Path::toString)
          .orElse("");
    }
    Path script = directory.resolve(named).normalize();
    if (!script.startsWith(applicationDirectory)) {
      throw AppFileException.of(
          source, "scriptFile", named, "a file inside the application's directory");
    }
    if (!Files.isRegularFile(script)) {
      throw AppFileException.of(source, "scriptFile", named, "a file that exists");
    }
    return script.toString();
  }
}
