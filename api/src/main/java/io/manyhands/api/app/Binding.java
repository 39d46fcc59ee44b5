/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.app;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * One binding of a function.
 *
 * @param name parameter name; {@code $return} for the return value
 * @param type such as {@code httpTrigger}; compared without case
 * @param direction in, out or inout
 * @param attributes every attribute of the JSON object as JDK values (String, Number, Boolean,
 *     List, Map, null), name, type and direction included
 * @param json the JSON text
 */
public record Binding(
    String name, String type, Direction direction, Map<String, Object> attributes, String json) {
  public Binding {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(direction, "direction");
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    Objects.requireNonNull(json, "json");
  }

  /** Which way the data goes. */
  public enum Direction {
    IN,
    OUT,
    INOUT
  }

  /** True for a trigger: its type ends with {@code Trigger}. */
  public boolean isTrigger() {
    return type.toLowerCase(Locale.ROOT).endsWith("trigger");
  }

  /** The attribute as text, or the default where it is absent or null. */
  public String text(String attribute, String defaultValue) {
    Object value = attributes.get(attribute);
    return value == null ? defaultValue : value.toString();
  }
}
