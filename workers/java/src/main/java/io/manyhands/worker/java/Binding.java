/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.google.gson.JsonObject;

/**
 * A binding in function.json's form.
 *
 * @param attributes all of it, name, type and direction included
 */
record Binding(String name, String type, Direction direction, JsonObject attributes) {
  static final String RETURN = "$return";

  enum Direction {
    IN,
    OUT
  }

  boolean isTrigger() {
    return direction == Direction.IN && type.toLowerCase(java.util.Locale.ROOT).endsWith("trigger");
  }

  boolean isHttpTrigger() {
    return type.equals("httpTrigger");
  }

  String json() {
    return attributes.toString();
  }
}
