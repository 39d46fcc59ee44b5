/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.appfiles;

import io.manyhands.api.app.RetryPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A function.json.
 *
 * @param name of its folder
 * @param directory its folder
 * @param scriptFile absolute; empty where there is none to be found
 * @param entryPoint may be empty
 * @param disabled true where it is not to be run
 * @param bindings at least one
 * @param retry its retry policy, if it has one
 */
public record FunctionJson(
    String name,
    Path directory,
    String scriptFile,
    String entryPoint,
    boolean disabled,
    List<Entry> bindings,
    Optional<RetryPolicy> retry) {
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
        bindings,
        retry(root.get("retry"), source));
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

  private static Optional<RetryPolicy> retry(@Nullable Object value, String source) {
    if (value == null) {
      return Optional.empty();
    }
    Map<String, Object> retry = JsonFiles.object(value, source, "retry");
    String strategy = JsonFiles.text(retry, "strategy", "", source);
    if (!(retry.get("maxRetryCount") instanceof Integer count) || count < RetryPolicy.UNLIMITED) {
      throw AppFileException.of(
          source,
          "retry.maxRetryCount",
          retry.get("maxRetryCount"),
          "a whole number, 0 or more, or -1 for no limit");
    }
    if (strategy.equalsIgnoreCase("fixedDelay")) {
      return Optional.of(RetryPolicy.fixedDelay(count, interval(retry, "delayInterval", source)));
    }
    if (strategy.equalsIgnoreCase("exponentialBackoff")) {
      Duration minimum = interval(retry, "minimumInterval", source);
      Duration maximum = interval(retry, "maximumInterval", source);
      if (maximum.compareTo(minimum) < 0) {
        throw AppFileException.of(
            source,
            "retry.maximumInterval",
            retry.get("maximumInterval"),
            "at least the minimumInterval");
      }
      return Optional.of(RetryPolicy.exponentialBackoff(count, minimum, maximum));
    }
    throw AppFileException.of(
        source, "retry.strategy", retry.get("strategy"), "fixedDelay or exponentialBackoff");
  }

  private static Duration interval(Map<String, Object> retry, String key, String source) {
    Object value = retry.get(key);
    return TimeSpan.parse(String.valueOf(value))
        .filter(duration -> !duration.isNegative())
        .orElseThrow(() -> AppFileException.of(source, "retry." + key, value, "hh:mm:ss"));
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
