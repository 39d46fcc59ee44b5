/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatusType;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A response as functions make it.
 *
 * @param headers by name in any case
 */
record HttpResponse(HttpStatusType status, Map<String, String> headers, @Nullable Object body)
    implements HttpResponseMessage {
  HttpResponse {
    Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    copy.putAll(headers);
    headers = Collections.unmodifiableMap(copy);
  }

  @Override
  public HttpStatusType getStatus() {
    return status;
  }

  @Override
  public @Nullable String getHeader(String name) {
    return headers.get(name);
  }

  @Override
  public @Nullable Object getBody() {
    return body;
  }

  static final class Builder implements HttpResponseMessage.Builder {
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private HttpStatusType status;
    private @Nullable Object body;

    Builder(HttpStatusType status) {
      this.status = Objects.requireNonNull(status, "status");
    }

    @Override
    public HttpResponseMessage.Builder status(HttpStatusType value) {
      status = Objects.requireNonNull(value, "status");
      return this;
    }

    @Override
    public HttpResponseMessage.Builder header(String name, String value) {
      headers.put(
          Objects.requireNonNull(name, "the name of a header"),
          Objects.requireNonNull(value, () -> "the value of header " + name));
      return this;
    }

    @Override
    public HttpResponseMessage.Builder body(@Nullable Object value) {
      body = value;
      return this;
    }

    @Override
    public HttpResponseMessage build() {
      return new HttpResponse(status, headers, body);
    }
  }
}
