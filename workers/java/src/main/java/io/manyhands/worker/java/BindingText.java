/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A binding in function.json's form, made from an annotation: {@code @QueueTrigger} becomes {@code
 * queueTrigger}, {@code @BlobInput} {@code blob} in, {@code @HttpOutput} {@code http} out;
 * {@code @CustomBinding} says itself.
 */
record BindingText(String name, String type, String direction, String json) {
  private static final String PACKAGE = "com.microsoft.azure.functions.annotation";

  boolean isTrigger() {
    return type.toLowerCase(Locale.ROOT).endsWith("trigger");
  }

  static List<BindingText> of(Method method) {
    List<BindingText> bindings = new ArrayList<>();
    for (Parameter parameter : method.getParameters()) {
      BindingText binding = of(parameter.getAnnotations());
      if (binding != null) {
        bindings.add(binding);
      }
    }
    BindingText output = of(method.getAnnotations());
    boolean http = bindings.stream().anyMatch(binding -> binding.type().equals("httpTrigger"));
    if (output != null) {
      bindings.add(output);
    } else if (http && method.getReturnType() != void.class) {
      bindings.add(text("$return", "http", "out", Map.of()));
    }
    return List.copyOf(bindings);
  }

  static @Nullable BindingText of(Annotation[] annotations) {
    for (Annotation annotation : annotations) {
      Class<? extends Annotation> kind = annotation.annotationType();
      if (kind.getPackageName().equals(PACKAGE)) {
        String simple = kind.getSimpleName();
        if (simple.equals("CustomBinding")) {
          Map<String, Object> values = values(annotation);
          return text(
              String.valueOf(values.get("name")),
              String.valueOf(values.get("type")),
              String.valueOf(values.get("direction")),
              values);
        }
        for (String ending : List.of("Trigger", "Input", "Output")) {
          if (simple.endsWith(ending)) {
            Map<String, Object> values = values(annotation);
            String stem = simple.substring(0, simple.length() - ending.length());
            String type = lower(ending.equals("Trigger") ? simple : stem);
            return text(
                String.valueOf(values.getOrDefault("name", "$return")),
                type,
                ending.equals("Output") ? "out" : "in",
                values);
          }
        }
      }
    }
    return null;
  }

  private static BindingText text(
      String name, String type, String direction, Map<String, Object> values) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("name", name);
    all.put("type", type);
    all.put("direction", direction);
    values.forEach(all::putIfAbsent);
    try {
      return new BindingText(name, type, direction, Values.MAPPER.writeValueAsString(all));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Members that say something: not empty, not the default. */
  private static Map<String, Object> values(Annotation annotation) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Method member : annotation.annotationType().getDeclaredMethods()) {
      if (member.getParameterCount() == 0) {
        try {
          Object value = plain(member.invoke(annotation));
          Object standard =
              member.getDefaultValue() == null ? null : plain(member.getDefaultValue());
          if (!value.equals(standard) || member.getName().equals("authLevel")) {
            values.put(member.getName(), value);
          }
        } catch (IllegalAccessException | InvocationTargetException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return values;
  }

  private static Object plain(Object value) {
    if (value instanceof Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT);
    }
    if (value.getClass().isArray()) {
      List<Object> list = new ArrayList<>();
      for (int index = 0; index < Array.getLength(value); index++) {
        list.add(plain(Array.get(value, index)));
      }
      return list;
    }
    return value;
  }

  private static String lower(String name) {
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }
}
