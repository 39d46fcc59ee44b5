/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.support.appfiles.LocalSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The directory of an application, and what its files tell about it. */
record AppFolder(Path path, ApplicationId id) {
  private static final String RUNTIME = "FUNCTIONS_WORKER_RUNTIME";
  private static final String RUNTIME_VERSION = "FUNCTIONS_WORKER_RUNTIME_VERSION";
  private static final int LONGEST_ID = 40;

  /** Where a file of that name, or ending, is, the application is of that language. */
  private static final Map<String, String> SIGNS = signs();

  private static Map<String, String> signs() {
    Map<String, String> signs = new LinkedHashMap<>();
    signs.put("package.json", "node");
    signs.put("function_app.py", "python");
    signs.put("requirements.txt", "python");
    signs.put("profile.ps1", "powershell");
    signs.put("requirements.psd1", "powershell");
    signs.put("functions.metadata", "dotnet-isolated");
    signs.put(".jar", "java");
    signs.put(".py", "python");
    signs.put(".js", "node");
    return signs;
  }

  static AppFolder open(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new CommandException(
          directory + ": no such directory (expected: that of a function application)");
    }
    Path path = directory.toRealPath();
    if (!Files.isRegularFile(path.resolve("host.json"))) {
      throw new CommandException(path + ": no host.json in it (expected: " + place(path) + ")");
    }
    return new AppFolder(path, idOf(path));
  }

  private static String place(Path path) throws IOException {
    Path built = path.resolve("target/azure-functions");
    if (Files.isDirectory(built)) {
      try (DirectoryStream<Path> packages = Files.newDirectoryStream(built, Files::isDirectory)) {
        for (Path each : packages) {
          return "the directory that was built, " + each;
        }
      }
    }
    if (Files.exists(path.resolve("pom.xml"))) {
      return "the directory that mvn package makes below target";
    }
    return "the root directory of a function application";
  }

  private static ApplicationId idOf(Path path) {
    String name = path.getFileName() == null ? "" : path.getFileName().toString();
    String label =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^[0-9-]+|-+$", "");
    String shortened = label.length() > LONGEST_ID ? label.substring(0, LONGEST_ID) : label;
    String ended = shortened.replaceAll("-+$", "");
    return ApplicationId.of(ended.isEmpty() ? "app" : ended);
  }

  /** One for each application of this user, so that what a killed run left is found again. */
  Path stateDirectory() {
    String home = System.getProperty("user.home", "/");
    String base = System.getenv("XDG_STATE_HOME");
    UUID hash = UUID.nameUUIDFromBytes(path.toString().getBytes(StandardCharsets.UTF_8));
    return (base == null || base.isBlank() ? Path.of(home, ".local", "state") : Path.of(base))
        .resolve("manyhands")
        .resolve(id + "-" + hash);
  }

  /** Settings for its functions: what local.settings.json says, without what we say. */
  Map<String, String> settings(LocalSettings local) {
    Map<String, String> settings = new TreeMap<>(local.values());
    settings.remove(RUNTIME);
    settings.remove(RUNTIME_VERSION);
    return settings;
  }

  /**
   * What runs it.
   *
   * @param asked language, or language:version; null to find out
   */
  WorkerStack stack(@Nullable String asked, LocalSettings local) throws IOException {
    if (asked != null) {
      String[] parts = asked.split(":", 2);
      return WorkerStack.of(parts[0], parts.length == 1 ? "" : parts[1]);
    }
    String stated = local.values().get(RUNTIME);
    if (stated != null && !stated.isBlank()) {
      return WorkerStack.of(
          stated.strip(), local.values().getOrDefault(RUNTIME_VERSION, "").strip());
    }
    Set<String> names = new LinkedHashSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      files.forEach(file -> names.add(String.valueOf(file.getFileName())));
    }
    for (Map.Entry<String, String> sign : SIGNS.entrySet()) {
      if (names.stream().anyMatch(name -> name.endsWith(sign.getKey()))) {
        return WorkerStack.of(sign.getValue());
      }
    }
    throw new CommandException(
        path
            + ": its language cannot be told (expected: "
            + RUNTIME
            + " in "
            + LocalSettings.FILE_NAME
            + ", or --stack)");
  }

  /** Directories in which its own interpreter may be, to be looked into first. */
  Set<Path> programs() {
    Set<Path> found = new LinkedHashSet<>();
    for (String name : new String[] {".venv/bin", "venv/bin"}) {
      if (Files.isDirectory(path.resolve(name))) {
        found.add(path.resolve(name));
      }
    }
    return found;
  }
}
