/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli.serve;

import io.manyhands.support.appfiles.AppFileException;
import io.manyhands.support.appfiles.JsonFiles;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One object of a configuration file, read key by key; {@link #finish} refuses the keys that nobody
 * asked for.
 */
final class JsonSection {
  private final String file;
  private final String path;
  private final Map<String, Object> values;
  private final TreeSet<String> known = new TreeSet<>();

  private JsonSection(String file, String path, Map<?, ?> values) {
    this.file = file;
    this.path = path;
    this.values = new LinkedHashMap<>();
    values.forEach((key, value) -> this.values.put(String.valueOf(key), value));
  }

  static JsonSection read(Path file) {
    return new JsonSection(file.toString(), "", JsonFiles.read(file));
  }

  void finish() {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw new AppFileException(
            file + ": " + path + key + ": unknown (expected: " + String.join(", ", known) + ")");
      }
    }
  }

  private @Nullable Object value(String key) {
    known.add(key);
    return values.get(key);
  }

  AppFileException wrong(String key, @Nullable Object value, String expected) {
    return AppFileException.of(file, path + key, value, expected);
  }

  boolean has(String key) {
    return value(key) != null;
  }

  Optional<String> text(String key) {
    Object value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String text && !text.isBlank()) {
      return Optional.of(text);
    }
    throw wrong(key, value, "a text");
  }

  /** A text, which may be empty; its value is in no message. */
  String textOrEmpty(String key) {
    Object value = value(key);
    if (value instanceof String text) {
      return text;
    }
    throw wrong(key, "(not shown)", "a text");
  }

  boolean isSection(String key) {
    return value(key) instanceof Map<?, ?>;
  }

  String requiredText(String key) {
    return text(key).orElseThrow(() -> wrong(key, null, "a text"));
  }

  List<String> texts(String key) {
    Object value = value(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list) || !list.stream().allMatch(String.class::isInstance)) {
      throw wrong(key, value, "a list of texts");
    }
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add((String) each));
    return texts;
  }

  /** An object, empty where the key is absent. */
  JsonSection section(String key) {
    Object value = value(key);
    if (value == null) {
      return new JsonSection(file, path + key + ".", Map.of());
    }
    if (value instanceof Map<?, ?> map) {
      return new JsonSection(file, path + key + ".", map);
    }
    throw wrong(key, value, "an object");
  }

  /** The keys of an object whose keys are names. */
  List<String> names() {
    known.addAll(values.keySet());
    return List.copyOf(values.keySet());
  }

  /** An object of texts, numbers and booleans, as texts. */
  Map<String, String> options(String key) {
    JsonSection section = section(key);
    Map<String, String> options = new LinkedHashMap<>();
    for (String name : section.names()) {
      Object value = section.value(name);
      if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
        throw section.wrong(name, value, "a text, a number or a boolean");
      }
      options.put(name, value.toString());
    }
    return options;
  }

  Optional<Boolean> flag(String key) {
    Object value = value(key);
    if (value == null || value instanceof Boolean) {
      return Optional.ofNullable((Boolean) value);
    }
    throw wrong(key, value, "true or false");
  }

  Optional<Long> number(String key, long least, long most) {
    Object value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    try {
      if (value instanceof Number number) {
        long exact = new BigDecimal(number.toString()).longValueExact();
        if (exact >= least && exact <= most) {
          return Optional.of(exact);
        }
      }
    } catch (ArithmeticException broken) {
      // Refused below, as any other that is none.
    }
    throw wrong(key, value, "a whole number from " + least + " to " + most);
  }

  /** ISO-8601, such as {@code PT30S}. */
  Optional<Duration> duration(String key) {
    Object value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    try {
      if (value instanceof String text) {
        return Optional.of(Duration.parse(text));
      }
    } catch (DateTimeException malformed) {
      // Refused below.
    }
    throw wrong(key, value, "a duration such as PT30S");
  }

  /** Takes a value over where there is one; what refuses it is told with the file and key. */
  <T> void take(String key, Function<String, Optional<T>> reader, Consumer<T> setter) {
    Optional<T> given = reader.apply(key);
    if (given.isPresent()) {
      try {
        setter.accept(given.get());
      } catch (RuntimeException refused) {
        throw new AppFileException(file + ": " + path + key + ": " + refused.getMessage(), refused);
      }
    }
  }
}
