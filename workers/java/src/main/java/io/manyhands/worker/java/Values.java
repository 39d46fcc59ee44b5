/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import com.microsoft.azure.functions.HttpResponseMessage;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.TypedData;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The protocol's data to and from the types of a function's parameters. */
final class Values {
  static final ObjectMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private Values() {}

  static void warmUp() {
    try {
      MAPPER.readTree("{\"warm\":true}");
      MAPPER.writeValueAsString(java.util.Map.of("warm", true));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The value as that type; null where there is none. */
  static @Nullable Object as(TypedData data, Type type) throws JsonProcessingException {
    if (type instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
      return Optional.ofNullable(
          data.getDataCase() == TypedData.DataCase.DATA_NOT_SET
              ? null
              : as(data, generic.getActualTypeArguments()[0]));
    }
    if (data.getDataCase() == TypedData.DataCase.DATA_NOT_SET) {
      return null;
    }
    if (type == byte[].class) {
      return bytes(data);
    }
    String text = text(data);
    if (type == String.class || type == Object.class || type == CharSequence.class) {
      return text;
    }
    return MAPPER.readValue(text, MAPPER.constructType(type));
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
      default -> "";
    };
  }

  private static byte[] bytes(TypedData data) {
    return switch (data.getDataCase()) {
      case BYTES -> data.getBytes().toByteArray();
      case STREAM -> data.getStream().toByteArray();
      default -> text(data).getBytes(StandardCharsets.UTF_8);
    };
  }

  /** What a function returned or set. */
  static TypedData of(@Nullable Object value) throws JsonProcessingException {
    TypedData.Builder data = TypedData.newBuilder();
    if (value == null) {
      return data.build();
    }
    if (value instanceof HttpResponseMessage response) {
      RpcHttp.Builder http =
          RpcHttp.newBuilder()
              .setStatusCode(Integer.toString(response.getStatusCode()))
              .setBody(of(response.getBody()));
      if (response instanceof Http.Response own) {
        http.putAllHeaders(own.headers());
      }
      return data.setHttp(http).build();
    }
    if (value instanceof String text) {
      return data.setString(text).build();
    }
    if (value instanceof byte[] bytes) {
      return data.setBytes(ByteString.copyFrom(bytes)).build();
    }
    return data.setJson(MAPPER.writeValueAsString(value)).build();
  }
}
