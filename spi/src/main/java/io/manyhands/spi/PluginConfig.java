/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A plug-in's configuration, read strictly: ask for every key that you know, then call {@link
 * #finish}, which refuses the keys that nobody asked for. Not thread-safe.
 */
public final class PluginConfig {
  private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

  private final String plugin;
  private final Map<String, String> values;
  private final SortedSet<String> known = new TreeSet<>();

  /**
   * @param plugin whose configuration it is, for messages, such as {@code transport grpc}
   * @param values by key
   */
  public PluginConfig(String plugin, Map<String, String> values) {
    this.plugin = plugin;
    this.values = new TreeMap<>(values);
  }

  /** Text, if given. */
  public Optional<String> text(String key) {
    known.add(key);
    return Optional.ofNullable(values.get(key));
  }

  public String text(String key, String defaultValue) {
    return text(key).orElse(defaultValue);
  }

  /** Text that must be given. */
  public String required(String key) {
    return text(key)
        .filter(value -> !value.isBlank())
        .orElseThrow(() -> invalid(key, text(key).orElse(null), "a value: it must be given"));
  }

  /** A whole number within bounds. */
  public long number(String key, long defaultValue, long minimum, long maximum) {
    String value = text(key).orElse(null);
    if (value == null) {
      return defaultValue;
    }
    try {
      long number = Long.parseLong(value.trim());
      if (number >= minimum && number <= maximum) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw invalid(key, value, "a whole number from " + minimum + " to " + maximum);
  }

  /** true or false. */
  public boolean flag(String key, boolean defaultValue) {
    String value = text(key).orElse(null);
    if (value == null) {
      return defaultValue;
    }
    if (value.equals("true") || value.equals("false")) {
      return value.equals("true");
    }
    throw invalid(key, value, "true or false");
  }

  /**
   * A positive duration such as {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 1d} or
   * ISO-8601 {@code PT30S}.
   */
  public Duration duration(String key, Duration defaultValue) {
    String value = text(key).orElse(null);
    if (value == null) {
      return defaultValue;
    }
    Duration duration = parse(value.trim());
    if (duration.isZero() || duration.isNegative()) {
      throw invalid(key, value, "a positive duration such as 500ms, 30s, 5m or PT30S");
    }
    return duration;
  }

  /** A path, made absolute. */
  public Optional<Path> path(String key) {
    String value = text(key).orElse(null);
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(value).toAbsolutePath().normalize());
    } catch (InvalidPathException e) {
      throw invalid(key, value, "a path");
    }
  }

  /**
   * All keys that begin with the prefix, without it: {@code executable.python} for {@code
   * executable.}.
   */
  public Map<String, String> withPrefix(String prefix) {
    Map<String, String> found = new TreeMap<>();
    values.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            known.add(key);
            found.put(key.substring(prefix.length()), value);
          }
        });
    known.add(prefix + "*");
    return found;
  }

  /** Refuses keys that were not asked for. */
  public void finish() {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw new ManyhandsException(
            ErrorCode.INVALID_ARGUMENT,
            plugin
                + ": unknown option \""
                + key
                + "\" (expected one of: "
                + String.join(", ", known)
                + ")");
      }
    }
  }

  /** An INVALID_ARGUMENT that names plug-in, key, value and what was expected. */
  public ManyhandsException invalid(
      String key, @org.jspecify.annotations.Nullable String value, String expected) {
    return new ManyhandsException(
        ErrorCode.INVALID_ARGUMENT,
        plugin
            + ": option "
            + key
            + (value == null ? " is missing" : ": \"" + value + "\"")
            + " (expected: "
            + expected
            + ")");
  }

  private static Duration parse(String value) {
    Matcher matcher = SHORT_DURATION.matcher(value);
    if (matcher.matches()) {
      long amount = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        case "h" -> Duration.ofHours(amount);
        default -> Duration.ofDays(amount);
      };
    }
    try {
      return Duration.parse(value);
    } catch (DateTimeParseException e) {
      return Duration.ZERO;
    }
  }
}
