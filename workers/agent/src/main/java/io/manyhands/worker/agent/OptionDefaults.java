/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values of options that the command line leaves out: environment variable {@code
 * MANYHANDS_AGENT_<NAME>}, else key {@code <name>} of the file that {@code --config} or {@code
 * MANYHANDS_AGENT_CONFIG} names.
 */
final class OptionDefaults implements CommandLine.IDefaultValueProvider {
  static final String PREFIX = "MANYHANDS_AGENT_";

  private final Map<String, String> environment;
  private final Properties file;

  private OptionDefaults(Map<String, String> environment, Properties file) {
    this.environment = environment;
    this.file = file;
  }

  /**
   * Reads the file, where there is one.
   *
   * @throws IllegalArgumentException where it cannot be read, or has a key that is no option
   */
  static OptionDefaults read(
      List<String> words, Map<String, String> environment, Set<String> known) {
    String name = config(words);
    String from = name == null ? environment.get(PREFIX + "CONFIG") : name;
    Properties file = new Properties();
    if (from != null && !from.isEmpty()) {
      try (Reader reader = Files.newBufferedReader(Path.of(from), StandardCharsets.UTF_8)) {
        file.load(reader);
      } catch (IOException e) {
        throw new IllegalArgumentException(
            "option --config: file %s cannot be read (%s)".formatted(from, e), e);
      }
      for (String key : new TreeSet<>(file.stringPropertyNames())) {
        if (!known.contains(key)) {
          throw new IllegalArgumentException(
              "%s: key \"%s\" is unknown (expected one of: %s)"
                  .formatted(from, key, String.join(", ", new TreeSet<>(known))));
        }
      }
    }
    return new OptionDefaults(environment, file);
  }

  private static @Nullable String config(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).equals("--config") && i + 1 < words.size()) {
        return words.get(i + 1);
      }
      if (words.get(i).startsWith("--config=")) {
        return words.get(i).substring("--config=".length());
      }
    }
    return null;
  }

  static String variable(String option) {
    return PREFIX + option.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || option.hidden()) {
      return null;
    }
    String name = option.longestName().substring(2);
    String value = environment.get(variable(name));
    return value != null && !value.isEmpty() ? value : file.getProperty(name);
  }
}
