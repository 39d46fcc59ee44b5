/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import com.microsoft.azure.functions.HttpStatusType;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** HTTP as functions see it. */
final class Http {
  private Http() {}

  /** A request; the body has the type that the function's parameter names. */
  record Request(RpcHttp http, @Nullable Object body) implements HttpRequestMessage<Object> {
    @Override
    public URI getUri() {
      return URI.create(http.getUrl());
    }

    @Override
    public HttpMethod getHttpMethod() {
      return HttpMethod.value(http.getMethod().toUpperCase(Locale.ROOT));
    }

    @Override
    public Map<String, String> getHeaders() {
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      headers.putAll(http.getHeadersMap());
      return headers;
    }

    @Override
    public Map<String, String> getQueryParameters() {
      return http.getQueryMap();
    }

    @Override
    public @Nullable Object getBody() {
      return body;
    }

    @Override
    public HttpResponseMessage.Builder createResponseBuilder(HttpStatus status) {
      return new Response(status);
    }

    @Override
    public HttpResponseMessage.Builder createResponseBuilder(HttpStatusType status) {
      return new Response(status);
    }
  }

  /** A response and its own builder, as the library's interfaces allow. */
  static final class Response implements HttpResponseMessage, HttpResponseMessage.Builder {
    private final Map<String, String> headers = new LinkedHashMap<>();
    private HttpStatusType status;
    private @Nullable Object body;

    Response(HttpStatusType status) {
      this.status = status;
    }

    Map<String, String> headers() {
      return headers;
    }

    @Override
    public HttpResponseMessage.Builder status(HttpStatusType value) {
      status = value;
      return this;
    }

    @Override
    public HttpResponseMessage.Builder header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    @Override
    public HttpResponseMessage.Builder body(@Nullable Object value) {
      body = value;
      return this;
    }

    @Override
    public HttpResponseMessage build() {
      return this;
    }

    @Override
    public HttpStatusType getStatus() {
      return status;
    }

    @Override
    public @Nullable String getHeader(String name) {
      return headers.entrySet().stream()
          .filter(entry -> entry.getKey().equalsIgnoreCase(name))
          .map(Map.Entry::getValue)
          .findFirst()
          .orElse(null);
    }

    @Override
    public @Nullable Object getBody() {
      return body;
    }
  }
}
