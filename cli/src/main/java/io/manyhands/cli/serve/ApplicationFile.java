/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli.serve;

import io.manyhands.api.app.AccessKeys;
import io.manyhands.api.app.AppLimits;
import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;

/** Reads one application's file; its name without {@code .json} is the application's id. */
final class ApplicationFile {
  private static final long LONGEST_SECRET = 1 << 16;

  private ApplicationFile() {}

  static ApplicationDefinition read(Path file, String id) {
    JsonSection root = JsonSection.read(file);
    ApplicationDefinition.Builder definition =
        ApplicationDefinition.builder(id)
            .tenant(root.requiredText("tenant"))
            .stack(ServerConfig.stack(root.requiredText("stack")))
            .content(content(root))
            .keys(keys(root.section("keys")))
            .limits(limits(root.section("limits")));
    JsonSection settings = root.section("settings");
    settings.names().forEach(name -> definition.setting(name, value(settings, name)));
    root.texts("hostNames").forEach(definition::hostName);
    root.finish();
    return definition.build();
  }

  private static ApplicationContent content(JsonSection root) {
    if (root.has("directory") == root.has("package")) {
      throw root.wrong("directory", null, "a directory, or a package with its sha256");
    }
    if (root.has("directory")) {
      return ApplicationContent.directory(Path.of(root.requiredText("directory")));
    }
    JsonSection archive = root.section("package");
    String uri = archive.requiredText("uri");
    String sha256 = archive.requiredText("sha256");
    archive.finish();
    try {
      return ApplicationContent.zip(URI.create(uri), sha256);
    } catch (IllegalArgumentException malformed) {
      // Not shown: its query may be a secret.
      throw archive.wrong("uri", "(not shown)", "an address");
    }
  }

  private static AccessKeys keys(JsonSection keys) {
    Map<String, String> host = keyed(keys.section("host"));
    Map<String, Map<String, String>> functions = new HashMap<>();
    JsonSection function = keys.section("function");
    function.names().forEach(name -> functions.put(name, keyed(function.section(name))));
    keys.finish();
    return new AccessKeys(host, functions);
  }

  private static Map<String, String> keyed(JsonSection section) {
    Map<String, String> keys = new HashMap<>();
    section.names().forEach(name -> keys.put(name, value(section, name)));
    return keys;
  }

  private static AppLimits limits(JsonSection limits) {
    AppLimits read = AppLimits.defaults();
    // A minimum is held against the maximum, which is taken first.
    read = with(read, limits, "maximumWorkers", AppLimits::withMaximumWorkers);
    read = with(read, limits, "minimumWorkers", AppLimits::withMinimumWorkers);
    read = with(read, limits, "slotsPerWorker", AppLimits::withSlotsPerWorker);
    read = with(read, limits, "queueCalls", AppLimits::withQueueCalls);
    limits.finish();
    return read;
  }

  private static AppLimits with(
      AppLimits limits,
      JsonSection section,
      String name,
      BiFunction<AppLimits, Integer, AppLimits> change) {
    return section
        .number(name, 0, Integer.MAX_VALUE)
        .map(count -> change.apply(limits, count.intValue()))
        .orElse(limits);
  }

  /** A text, or {@code {"file": PATH}} for one that somebody else keeps, such as a secret. */
  private static String value(JsonSection section, String name) {
    if (!section.isSection(name)) {
      return section.textOrEmpty(name);
    }
    JsonSection reference = section.section(name);
    String file = reference.requiredText("file");
    reference.finish();
    try {
      Path path = Path.of(file);
      if (Files.size(path) > LONGEST_SECRET) {
        throw reference.wrong("file", file, "at most " + LONGEST_SECRET + " bytes");
      }
      return Files.readString(path).stripTrailing();
    } catch (IOException unreadable) {
      throw reference.wrong("file", file, "a file that can be read");
    }
  }
}
