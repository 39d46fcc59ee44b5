/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.google.protobuf.ByteString;
import com.microsoft.azure.functions.HttpResponseMessage;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.TypedData;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a function returned or set, as the protocol's data. */
final class Results {
  private Results() {}

  /**
   * Text, bytes, numbers and HTTP responses have a form of their own; anything else becomes JSON.
   *
   * @throws ConversionException where it has no JSON form
   */
  static TypedData of(@Nullable Object value) {
    TypedData.Builder data = TypedData.newBuilder();
    if (value == null) {
      return data.build();
    }
    if (value instanceof Optional<?> optional) {
      return of(optional.orElse(null));
    }
    if (value instanceof HttpResponseMessage response) {
      return data.setHttp(http(response)).build();
    }
    if (value instanceof CharSequence || value instanceof Character) {
      return data.setString(value.toString()).build();
    }
    if (value instanceof byte[] bytes) {
      return data.setBytes(ByteString.copyFrom(bytes)).build();
    }
    if (value instanceof Byte[] bytes) {
      return data.setBytes(unboxed(bytes)).build();
    }
    if (value instanceof ByteBuffer buffer) {
      return data.setBytes(ByteString.copyFrom(buffer.duplicate())).build();
    }
    if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte) {
      return data.setInt(((Number) value).longValue()).build();
    }
    if (value instanceof Double || value instanceof Float) {
      return data.setDouble(((Number) value).doubleValue()).build();
    }
    return data.setJson(json(value)).build();
  }

  private static String json(Object value) {
    try {
      return Values.GSON.toJson(value);
    } catch (RuntimeException | StackOverflowError e) {
      throw new ConversionException(
          value.getClass().getName() + " cannot become JSON: " + e.getMessage(), e);
    }
  }

  private static RpcHttp http(HttpResponseMessage response) {
    RpcHttp.Builder http =
        RpcHttp.newBuilder().setStatusCode(Integer.toString(response.getStatusCode()));
    if (response.getBody() != null) {
      http.setBody(of(response.getBody()));
    }
    if (response instanceof HttpResponse own) {
      http.putAllHeaders(own.headers());
    }
    return http.build();
  }

  private static ByteString unboxed(Byte[] bytes) {
    byte[] plain = new byte[bytes.length];
    for (int index = 0; index < plain.length; index++) {
      plain[index] = bytes[index];
    }
    return ByteString.copyFrom(plain);
  }
}
