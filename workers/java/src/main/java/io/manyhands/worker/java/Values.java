/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import com.google.gson.reflect.TypeToken;
import com.google.protobuf.ByteString;
import io.manyhands.transport.grpc.protocol.TypedData;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The protocol's data as the types of a function's parameters. Plain classes are read from JSON, by
 * their fields, as Gson reads them; the application's own JSON annotations are not seen, because
 * its libraries are not the worker's.
 */
final class Values {
  static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private Values() {}

  /**
   * The value as that type; null where there is none.
   *
   * @throws ConversionException where it does not fit
   */
  static @Nullable Object as(TypedData data, Type type) {
    Class<?> raw = TypeToken.get(type).getRawType();
    if (raw == Optional.class) {
      return Optional.ofNullable(isSet(data) ? as(data, argument(type)) : null);
    }
    if (!isSet(data)) {
      if (raw.isPrimitive()) {
        throw ConversionException.of("no value", type, null);
      }
      return null;
    }
    Optional<List<TypedData>> elements = TypedElements.of(data);
    if (elements.isPresent()) {
      return collection(elements.get(), type, raw);
    }
    if (raw == byte[].class) {
      return bytes(data).toByteArray();
    }
    if (raw == Byte[].class) {
      return boxed(bytes(data));
    }
    if (raw == ByteBuffer.class) {
      return bytes(data).asReadOnlyByteBuffer();
    }
    if (raw == InputStream.class) {
      return bytes(data).newInput();
    }
    if (raw == String.class || raw == Object.class || raw == CharSequence.class) {
      return text(data);
    }
    return parsed(data, type, raw);
  }

  /** The parameter of a generic type; Object where it is raw. */
  static Type argument(Type type) {
    return type instanceof ParameterizedType generic
        ? generic.getActualTypeArguments()[0]
        : Object.class;
  }

  static String text(TypedData data) {
    return switch (data.getDataCase()) {
      case STRING -> data.getString();
      case JSON -> data.getJson();
      case BYTES -> data.getBytes().toString(StandardCharsets.UTF_8);
      case STREAM -> data.getStream().toString(StandardCharsets.UTF_8);
      case INT -> Long.toString(data.getInt());
      case DOUBLE -> Double.toString(data.getDouble());
      case HTTP -> text(data.getHttp().getBody());
      case MODEL_BINDING_DATA ->
          data.getModelBindingData().getContent().toString(StandardCharsets.UTF_8);
      default -> "";
    };
  }

  private static boolean isSet(TypedData data) {
    return data.getDataCase() != TypedData.DataCase.DATA_NOT_SET;
  }

  private static ByteString bytes(TypedData data) {
    return switch (data.getDataCase()) {
      case BYTES -> data.getBytes();
      case STREAM -> data.getStream();
      case MODEL_BINDING_DATA -> data.getModelBindingData().getContent();
      default -> ByteString.copyFromUtf8(text(data));
    };
  }

  private static Byte[] boxed(ByteString bytes) {
    Byte[] boxed = new Byte[bytes.size()];
    for (int index = 0; index < boxed.length; index++) {
      boxed[index] = bytes.byteAt(index);
    }
    return boxed;
  }

  private static @Nullable Object parsed(TypedData data, Type type, Class<?> raw) {
    String text = text(data);
    Object value;
    try {
      value =
          data.getDataCase() == TypedData.DataCase.JSON || looksLikeJson(text)
              ? GSON.fromJson(text, type)
              : word(text, type, raw);
    } catch (RuntimeException | StackOverflowError e) {
      throw ConversionException.of(described(data), type, e);
    }
    if (value == null && (raw.isPrimitive() || raw.isEnum())) {
      throw ConversionException.of(described(data), type, null);
    }
    return value;
  }

  private static boolean looksLikeJson(String text) {
    String trimmed = text.stripLeading();
    return trimmed.isEmpty() || trimmed.equals("null") || "{[\"".indexOf(trimmed.charAt(0)) >= 0;
  }

  /** A word without quotes: a number, a constant, a truth value, an id. */
  private static @Nullable Object word(String text, Type type, Class<?> raw) {
    if (raw == boolean.class || raw == Boolean.class) {
      return switch (text.toLowerCase(java.util.Locale.ROOT)) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new IllegalArgumentException("expected: true or false");
      };
    }
    return GSON.getAdapter(TypeToken.get(type)).fromJsonTree(new JsonPrimitive(text));
  }

  private static Object collection(List<TypedData> elements, Type type, Class<?> raw) {
    if (raw.isArray()) {
      Type component =
          type instanceof GenericArrayType generic
              ? generic.getGenericComponentType()
              : raw.getComponentType();
      Object array = Array.newInstance(raw.getComponentType(), elements.size());
      for (int index = 0; index < elements.size(); index++) {
        Array.set(array, index, as(elements.get(index), component));
      }
      return array;
    }
    if (raw.isAssignableFrom(ArrayList.class) && raw != Object.class) {
      return converted(elements, argument(type), new ArrayList<>());
    }
    if (raw.isAssignableFrom(LinkedHashSet.class) && raw != Object.class) {
      return converted(elements, argument(type), new LinkedHashSet<>());
    }
    if (raw == String.class || raw == Object.class || raw == CharSequence.class) {
      JsonArray array = new JsonArray();
      elements.forEach(element -> array.add(json(element)));
      return array.toString();
    }
    throw ConversionException.of("a collection of " + elements.size(), type, null);
  }

  private static Collection<@Nullable Object> converted(
      List<TypedData> elements, Type type, Collection<@Nullable Object> into) {
    elements.forEach(element -> into.add(as(element, type)));
    return into;
  }

  private static JsonElement json(TypedData element) {
    return switch (element.getDataCase()) {
      case INT -> new JsonPrimitive(element.getInt());
      case DOUBLE -> new JsonPrimitive(element.getDouble());
      default -> new JsonPrimitive(text(element));
    };
  }

  /** The kind and the size, never the value. */
  private static String described(TypedData data) {
    return switch (data.getDataCase()) {
      case STRING -> "a string of " + data.getString().length() + " characters";
      case JSON -> "JSON of " + data.getJson().length() + " characters";
      case INT -> "a whole number";
      case DOUBLE -> "a number";
      default -> bytes(data).size() + " bytes";
    };
  }
}
