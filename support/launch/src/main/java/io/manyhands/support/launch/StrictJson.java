/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object of a configuration file, read key by key. Keys are matched without regard to
 * case, as Azure's reader does; a value of the wrong shape is an error that names file, key, value
 * and expectation; keys nobody asked for are collected, because official files carry keys of newer
 * hosts.
 */
final class StrictJson {
  private static final Pattern DURATION =
      Pattern.compile("(?:(\\d{1,4})\\.)?(\\d{1,2}):([0-5]\\d):([0-5]\\d)(?:\\.(\\d{1,7}))?");
  private static final int SHOWN_VALUE_LENGTH = 80;

  private final Path file;
  private final String prefix;
  private final Map<String, JsonNode> values = new HashMap<>();
  private final Map<String, String> spelling = new HashMap<>();
  private final Set<String> asked = new HashSet<>();

  StrictJson(Path file, String prefix, ObjectNode node) {
    this.file = file;
    this.prefix = prefix;
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String key = entry.getKey().toLowerCase(Locale.ROOT);
      String earlier = spelling.put(key, entry.getKey());
      if (earlier != null) {
        throw new LaunchException(
            "%s: key \"%s\" is given twice (also as \"%s\"; expected: once)"
                .formatted(file, prefix + entry.getKey(), prefix + earlier));
      }
      values.put(key, entry.getValue());
    }
  }

  /** The keys that no reader asked for, as they are spelled in the file. */
  List<String> unknownKeys() {
    List<String> unknown = new ArrayList<>();
    spelling.forEach(
        (key, spelled) -> {
          if (!asked.contains(key)) {
            unknown.add(prefix + spelled);
          }
        });
    unknown.sort(null);
    return unknown;
  }

  @Nullable String text(String key) {
    JsonNode node = value(key);
    if (node == null) {
      return null;
    }
    if (!node.isTextual()) {
      throw wrong(key, node, "a string");
    }
    return node.textValue();
  }

  String requiredText(String key) {
    String text = text(key);
    if (text == null || text.isBlank()) {
      throw new LaunchException(
          "%s: key \"%s\" is %s (expected: a non-empty string)"
              .formatted(file, prefix + key, text == null ? "missing" : "empty"));
    }
    return text;
  }

  List<String> texts(String key) {
    JsonNode node = value(key);
    if (node == null) {
      return List.of();
    }
    if (!node.isArray()) {
      throw wrong(key, node, "an array of strings");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode element : node) {
      if (!element.isTextual()) {
        throw wrong(key, element, "only strings in the array");
      }
      texts.add(element.textValue());
    }
    return List.copyOf(texts);
  }

  /** A boolean, also where an official file writes it as a string. */
  boolean flag(String key, boolean otherwise) {
    JsonNode node = value(key);
    if (node == null) {
      return otherwise;
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isTextual()) {
      String text = node.textValue().strip();
      if (text.equalsIgnoreCase("true")) {
        return true;
      }
      if (text.equalsIgnoreCase("false")) {
        return false;
      }
    }
    throw wrong(key, node, "true or false");
  }

  int positive(String key, int otherwise) {
    JsonNode node = value(key);
    if (node == null) {
      return otherwise;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1) {
      throw wrong(key, node, "a whole number of at least 1");
    }
    return node.intValue();
  }

  Duration duration(String key, Duration otherwise) {
    JsonNode node = value(key);
    if (node == null) {
      return otherwise;
    }
    Matcher matcher = node.isTextual() ? DURATION.matcher(node.textValue().strip()) : null;
    if (matcher == null || !matcher.matches() || Integer.parseInt(matcher.group(2)) > 23) {
      throw wrong(key, node, "a duration as HH:MM:SS");
    }
    Duration duration =
        Duration.ofHours(Integer.parseInt(matcher.group(2)))
            .plusMinutes(Integer.parseInt(matcher.group(3)))
            .plusSeconds(Integer.parseInt(matcher.group(4)));
    if (matcher.group(1) != null) {
      duration = duration.plusDays(Integer.parseInt(matcher.group(1)));
    }
    if (matcher.group(5) != null) {
      String nanos = (matcher.group(5) + "000000000").substring(0, 9);
      duration = duration.plusNanos(Integer.parseInt(nanos));
    }
    return duration;
  }

  @Nullable Pattern pattern(String key) {
    String text = text(key);
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new LaunchException(
          "%s: key \"%s\" is %s (expected: a regular expression; %s)"
              .formatted(file, prefix + key, shown(text), e.getDescription()),
          e);
    }
  }

  @Nullable ObjectNode object(String key) {
    JsonNode node = value(key);
    if (node == null) {
      return null;
    }
    if (!(node instanceof ObjectNode object)) {
      throw wrong(key, node, "an object");
    }
    return object;
  }

  List<ObjectNode> objects(String key) {
    JsonNode node = value(key);
    if (node == null) {
      return List.of();
    }
    if (!node.isArray()) {
      throw wrong(key, node, "an array of objects");
    }
    List<ObjectNode> objects = new ArrayList<>();
    for (JsonNode element : node) {
      if (!(element instanceof ObjectNode object)) {
        throw wrong(key, element, "only objects in the array");
      }
      objects.add(object);
    }
    return objects;
  }

  /** Marks a key as known whose value is not used here. */
  void ignore(String key) {
    asked.add(key.toLowerCase(Locale.ROOT));
  }

  LaunchException wrong(String key, JsonNode node, String expected) {
    return new LaunchException(
        "%s: key \"%s\" is %s (expected: %s)"
            .formatted(file, prefix + key, shown(node.toString()), expected));
  }

  private @Nullable JsonNode value(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    asked.add(lower);
    JsonNode node = values.get(lower);
    return node == null || node.isNull() ? null : node;
  }

  private static String shown(String value) {
    return value.length() <= SHOWN_VALUE_LENGTH
        ? value
        : value.substring(0, SHOWN_VALUE_LENGTH) + "…";
  }
}
