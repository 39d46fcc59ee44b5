/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.microsoft.azure.functions.annotation.CustomBinding;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Bindings from annotations: {@code @QueueTrigger} becomes {@code queueTrigger}, {@code @BlobInput}
 * {@code blob} in, {@code @HttpOutput} {@code http} out; {@code @CustomBinding} says itself, on a
 * parameter or on an annotation that somebody else defined.
 */
final class Annotations {
  private static final String PACKAGE = "com.microsoft.azure.functions.annotation";
  private static final Set<String> NO_BINDINGS =
      Set.of(
          "BindingName",
          "FunctionName",
          "StorageAccount",
          "FixedDelayRetry",
          "ExponentialBackoffRetry");

  /** Names whose function.json type is not the annotation's own name. */
  private static final Map<String, String> TYPES =
      Map.of(
          "ServiceBusQueueTrigger", "serviceBusTrigger",
          "ServiceBusTopicTrigger", "serviceBusTrigger",
          "ServiceBusQueueOutput", "serviceBus",
          "ServiceBusTopicOutput", "serviceBus");

  /** Written even where they are the annotation's default, as the host's default is another. */
  private static final Set<String> ALWAYS = Set.of("authLevel", "cardinality");

  private static final Set<String> STORAGE = Set.of("blob", "queue", "table");

  private Annotations() {}

  /** The bindings on a method (its return value) or a parameter; mostly one or none. */
  static List<Binding> bindings(AnnotatedElement element) {
    List<Binding> bindings = new ArrayList<>();
    for (Annotation annotation : element.getAnnotations()) {
      Class<? extends Annotation> kind = annotation.annotationType();
      CustomBinding custom = kind.getAnnotation(CustomBinding.class);
      if (annotation instanceof CustomBinding itself) {
        bindings.add(custom(itself, new JsonObject()));
      } else if (custom != null) {
        bindings.add(custom(custom, values(annotation)));
      } else if (kind.getPackageName().equals(PACKAGE)
          && !NO_BINDINGS.contains(kind.getSimpleName())) {
        bindings.add(standard(kind.getSimpleName(), values(annotation)));
      }
    }
    return bindings;
  }

  /** What {@code @StorageAccount} says of the method goes for its storage bindings. */
  static Binding withAccount(Binding binding, String account) {
    String stem = binding.type().replaceFirst("Trigger$", "");
    if (!STORAGE.contains(stem) || binding.attributes().has("connection")) {
      return binding;
    }
    JsonObject attributes = binding.attributes().deepCopy();
    attributes.addProperty("connection", account);
    return new Binding(binding.name(), binding.type(), binding.direction(), attributes);
  }

  static Binding binding(String name, String type, Binding.Direction direction, JsonObject more) {
    JsonObject all = new JsonObject();
    all.addProperty("name", name);
    all.addProperty("type", type);
    all.addProperty("direction", direction.name().toLowerCase(Locale.ROOT));
    more.asMap()
        .forEach(
            (key, value) -> {
              if (!all.has(key)) {
                all.add(key, value);
              }
            });
    return new Binding(name, type, direction, all);
  }

  private static Binding custom(CustomBinding binding, JsonObject values) {
    JsonElement own = values.get("name");
    String name = own == null ? binding.name() : own.getAsString();
    boolean out = binding.direction().equalsIgnoreCase("out");
    return binding(
        name, binding.type(), out ? Binding.Direction.OUT : Binding.Direction.IN, values);
  }

  private static Binding standard(String annotation, JsonObject values) {
    boolean out = annotation.endsWith("Output");
    String type =
        TYPES.getOrDefault(annotation, lower(annotation.replaceFirst("(In|Out)put$", "")));
    JsonElement name = values.get("name");
    return binding(
        name == null ? "" : name.getAsString(),
        type,
        out ? Binding.Direction.OUT : Binding.Direction.IN,
        values);
  }

  /** Members that say something: not the annotation's default. */
  private static JsonObject values(Annotation annotation) {
    Map<String, JsonElement> values = new TreeMap<>();
    for (Method member : annotation.annotationType().getDeclaredMethods()) {
      if (member.getParameterCount() == 0 && !member.isSynthetic()) {
        Object standard = member.getDefaultValue();
        JsonElement value = plain(read(member, annotation));
        if (standard == null
            || ALWAYS.contains(member.getName())
            || !value.equals(plain(standard))) {
          values.put(member.getName(), value);
        }
      }
    }
    JsonObject object = new JsonObject();
    values.forEach(object::add);
    return object;
  }

  private static Object read(Method member, Annotation annotation) {
    try {
      // An application's annotation need not be public.
      member.setAccessible(true);
      return member.invoke(annotation);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    } catch (InvocationTargetException e) {
      // Its default or a class that it names is missing.
      throw new IllegalArgumentException(
          "@%s.%s cannot be read: %s"
              .formatted(
                  annotation.annotationType().getSimpleName(), member.getName(), e.getCause()),
          e);
    }
  }

  private static JsonElement plain(Object value) {
    if (value instanceof Enum<?> constant) {
      return new JsonPrimitive(constant.name().toLowerCase(Locale.ROOT));
    }
    if (value instanceof Number number) {
      return new JsonPrimitive(number);
    }
    if (value instanceof Boolean truth) {
      return new JsonPrimitive(truth);
    }
    if (value instanceof Annotation nested) {
      return values(nested);
    }
    if (value.getClass().isArray()) {
      JsonArray list = new JsonArray();
      for (int index = 0; index < Array.getLength(value); index++) {
        list.add(plain(Array.get(value, index)));
      }
      return list;
    }
    return new JsonPrimitive(value instanceof Class<?> type ? type.getName() : value.toString());
  }

  private static String lower(String name) {
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }
}
