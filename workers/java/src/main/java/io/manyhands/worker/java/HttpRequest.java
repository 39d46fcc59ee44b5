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
import io.manyhands.transport.grpc.protocol.TypedData;
import java.lang.reflect.Type;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request as functions see it; the body has the type that the function's parameter names. */
final class HttpRequest implements HttpRequestMessage<@Nullable Object> {
  private static final String LEGAL = "-._~:/?#[]@!$&'()*+,;=%";

  private final RpcHttp http;
  private final @Nullable Object body;

  private HttpRequest(RpcHttp http, @Nullable Object body) {
    this.http = http;
    this.body = body;
  }

  /**
   * The request, with its body as that type.
   *
   * @throws ConversionException where the body does not fit
   */
  static HttpRequest of(RpcHttp http, Type body) {
    return new HttpRequest(http, body(http, body));
  }

  /** No body and one without a byte are alike to an Optional. */
  static @Nullable Object body(RpcHttp http, Type type) {
    TypedData body = http.getBody();
    boolean optional = com.google.gson.reflect.TypeToken.get(type).getRawType() == Optional.class;
    boolean empty =
        switch (body.getDataCase()) {
          case STRING -> body.getString().isEmpty();
          case BYTES -> body.getBytes().isEmpty();
          default -> false;
        };
    return Values.as(optional && empty ? TypedData.getDefaultInstance() : body, type);
  }

  /** What clients may send though no URI holds it, such as a bar or a brace, is escaped. */
  @Override
  public URI getUri() {
    try {
      return new URI(http.getUrl());
    } catch (URISyntaxException e) {
      return URI.create(escaped(http.getUrl()));
    }
  }

  private static String escaped(String url) {
    StringBuilder text = new StringBuilder();
    for (byte value : url.getBytes(StandardCharsets.UTF_8)) {
      char letter = (char) (value & 0xff);
      boolean plain = letter < 128 && Character.isLetterOrDigit(letter);
      if (plain || LEGAL.indexOf(letter) >= 0) {
        text.append(letter);
      } else {
        text.append('%').append(String.format("%02X", value & 0xff));
      }
    }
    return text.toString();
  }

  @Override
  public HttpMethod getHttpMethod() {
    return HttpMethod.value(http.getMethod());
  }

  /** Found by a name in any case. */
  @Override
  public Map<String, String> getHeaders() {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(http.getHeadersMap());
    return Collections.unmodifiableMap(headers);
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
    return new HttpResponse.Builder(status);
  }

  @Override
  public HttpResponseMessage.Builder createResponseBuilder(HttpStatusType status) {
    return new HttpResponse.Builder(status);
  }
}
