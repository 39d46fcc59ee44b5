/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns a {@code worker.config.json} into a command line: chooses the version, substitutes, and
 * finds the files. Immutable; safe for any thread; blocks on the disk for a moment.
 */
public final class WorkerCommands {
  static final String VERSION_VARIABLE = "FUNCTIONS_WORKER_RUNTIME_VERSION";
  private static final Pattern VARIABLE = Pattern.compile("%([A-Za-z_][A-Za-z0-9_()]*)%");

  private final LaunchSettings settings;
  private final ExecutableFinder finder;

  public WorkerCommands(LaunchSettings settings) {
    this.settings = settings;
    this.finder = new ExecutableFinder(settings.searchPath());
  }

  /**
   * The command that starts a worker of this configuration.
   *
   * @param requestedVersion null or empty for the worker's default
   * @throws LaunchException where the worker is disabled, does not support version or platform, a
   *     variable has no value, or its executable or worker file is not there
   */
  public WorkerCommand resolve(WorkerConfig config, @Nullable String requestedVersion) {
    WorkerDescription description =
        config.describe(settings.variables(), settings.hostProperties());
    String language = description.language();
    if (description.traits().disabled()) {
      throw new LaunchException(
          "worker \"%s\" is disabled by key \"description.isDisabled\" of %s"
              .formatted(language, config.file()));
    }
    String version = description.versions().choose(language, requestedVersion);
    checkPlatform(config, description);

    List<String> program = new ArrayList<>();
    program.add(executable(config, description, version).toString());
    program.addAll(arguments(description, version));
    Path worker = workerFile(config, description, version);
    if (worker != null) {
      program.add(worker.toString());
    }
    return new WorkerCommand(program, description, version);
  }

  private void checkPlatform(WorkerConfig config, WorkerDescription description) {
    check(
        config,
        "supportedOperatingSystems",
        description.operatingSystems(),
        settings.platform().operatingSystem());
    check(
        config,
        "supportedArchitectures",
        description.architectures(),
        settings.platform().architecture());
  }

  private static void check(WorkerConfig config, String key, List<String> supported, String ours) {
    if (!supported.isEmpty() && supported.stream().noneMatch(ours::equalsIgnoreCase)) {
      throw new LaunchException(
          "%s: key \"description.%s\" is %s (expected: to hold this machine's %s)"
              .formatted(config.file(), key, supported, ours));
    }
  }

  private Path executable(
      WorkerConfig config, WorkerDescription description, @Nullable String version) {
    String language = description.language();
    String key = language + "/" + version;
    String override = settings.executables().get(key);
    if (override == null) {
      key = language;
      override = settings.executables().get(key);
    }
    Path directory = description.program().directory();
    if (override != null) {
      return finder.find(override, "option \"executable." + key + "\"", directory);
    }
    String origin =
        "%s: key \"description.defaultExecutablePath\" of worker \"%s\""
            .formatted(config.file(), language);
    String expanded =
        substitute(
            description.program().executable(),
            name -> {
              String value = variable(name, version);
              if (value == null) {
                throw new LaunchException(
                    "%s is \"%s\": variable %s has no value"
                        .formatted(origin, description.program().executable(), name));
              }
              return value;
            });
    return finder.find(placeholders(expanded, description), origin, directory);
  }

  private @Nullable Path workerFile(
      WorkerConfig config, WorkerDescription description, @Nullable String version) {
    String template = description.program().workerPath();
    if (template == null) {
      return null;
    }
    String origin =
        "%s: key \"description.defaultWorkerPath\" of worker \"%s\""
            .formatted(config.file(), description.language());
    String expanded =
        substitute(
            template,
            name -> {
              String value = variable(name, version);
              if (value == null) {
                throw new LaunchException(
                    "%s is \"%s\": variable %s has no value (expected: a requested version, or"
                            .formatted(origin, template, name)
                        + " defaultRuntimeVersion)");
              }
              return value;
            });
    Path file =
        description.program().directory().resolve(placeholders(expanded, description)).normalize();
    if (!Files.isReadable(file)) {
      throw new LaunchException(
          "%s: file %s %s"
              .formatted(origin, file, Files.exists(file) ? "cannot be read" : "does not exist"));
    }
    return file;
  }

  /** A variable without a value vanishes here, because official files name optional ones. */
  private List<String> arguments(WorkerDescription description, @Nullable String version) {
    List<String> arguments = new ArrayList<>();
    for (String entry : description.program().arguments()) {
      String expanded =
          substitute(
              entry,
              name -> {
                String value = variable(name, version);
                return value == null ? "" : value;
              });
      // Split before the directory is filled in, whose name may hold a space.
      for (String argument : split(expanded)) {
        arguments.add(placeholders(argument, description));
      }
    }
    return arguments;
  }

  private String placeholders(String text, WorkerDescription description) {
    return text.replace("{os}", settings.platform().operatingSystem())
        .replace("{architecture}", settings.platform().architecture())
        .replace("{workerDirectoryPath}", description.program().directory().toString());
  }

  private @Nullable String variable(String name, @Nullable String version) {
    return name.equals(VERSION_VARIABLE) ? version : settings.variables().get(name);
  }

  private interface Variables {
    String value(String name);
  }

  private static String substitute(String template, Variables variables) {
    return VARIABLE
        .matcher(template)
        .replaceAll(match -> Matcher.quoteReplacement(variables.value(match.group(1))));
  }

  /** At white space, except inside double quotes, which are dropped. */
  static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    boolean started = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
        started = true;
      } else if (Character.isWhitespace(c) && !quoted) {
        if (started) {
          parts.add(part.toString());
          part.setLength(0);
          started = false;
        }
      } else {
        part.append(c);
        started = true;
      }
    }
    if (started) {
      parts.add(part.toString());
    }
    return parts;
  }
}
