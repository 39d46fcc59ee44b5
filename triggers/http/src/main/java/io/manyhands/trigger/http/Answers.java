/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Writes the one answer of a request: short and plain where it is ours, as the function said where
 * it is the function's.
 */
final class Answers {
  static final String INVOCATION_HEADER = "x-manyhands-invocation";

  private static final Set<String> OURS =
      Set.of(
          "connection",
          "keep-alive",
          "transfer-encoding",
          "content-length",
          "upgrade",
          "trailer",
          "te",
          "proxy-connection");

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final AtomicBoolean answered = new AtomicBoolean();

  Answers(Request request, Response response, Callback callback) {
    this.request = request;
    this.response = response;
    this.callback = callback;
  }

  void refuse(int status, String text) {
    if (answered.compareAndSet(false, true)) {
      plain(status, text);
    }
  }

  /** Not now: 503. */
  void busy(String text) {
    if (answered.compareAndSet(false, true)) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
      plain(503, text);
    }
  }

  /** A limit of the application's own: 429. */
  void tooMany() {
    if (answered.compareAndSet(false, true)) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
      plain(429, "too many requests run at once");
    }
  }

  /** Another method would do: 405. */
  void allow(String methods) {
    if (answered.compareAndSet(false, true)) {
      response.getHeaders().put(HttpHeader.ALLOW, methods);
      plain(405, "method not allowed");
    }
  }

  /** Nobody is there to read an answer. */
  void gone() {
    if (answered.compareAndSet(false, true)) {
      callback.failed(new java.nio.channels.ClosedChannelException());
    }
  }

  void result(InvocationResult result, Optional<String> output) {
    if (!answered.compareAndSet(false, true)) {
      return;
    }
    response.getHeaders().put(INVOCATION_HEADER, result.id().value());
    if (result.error().isPresent()) {
      failure(result.error().get());
      return;
    }
    Payload value = result.returnValue();
    if (!(value instanceof Payload.HttpResponse) && output.isPresent()) {
      value = result.outputs().getOrDefault(output.get(), value);
    }
    if (value instanceof Payload.HttpResponse http) {
      http(http);
    } else {
      body(value instanceof Payload.Empty ? 204 : 200, value);
    }
  }

  private void failure(InvocationResult.Failure failure) {
    switch (failure.code()) {
      case FUNCTION_FAILED, APP_FAILED ->
          plain(
              failure.code() == io.manyhands.api.ErrorCode.APP_FAILED ? 503 : 500,
              "the function failed");
      case WORKER_LOST, PROTOCOL_VIOLATION ->
          plain(502, "the worker was lost; the function may have run");
      case DEADLINE_EXCEEDED -> plain(504, "the function did not answer in time");
      case LIMIT_EXCEEDED -> {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
        plain(429, "a limit of the application was reached");
      }
      case PAYLOAD_TOO_LARGE -> plain(413, "the request is larger than a worker takes");
      case APP_NOT_FOUND, FUNCTION_NOT_FOUND -> plain(404, "no such function");
      case CANCELLED -> callback.failed(new java.nio.channels.ClosedChannelException());
      case INTERNAL, INVALID_ARGUMENT -> plain(500, "internal error");
      default -> {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
        plain(503, "no worker is free");
      }
    }
  }

  private void http(Payload.HttpResponse http) {
    for (Map.Entry<String, String> header : http.headers().entrySet()) {
      if (!OURS.contains(header.getKey().toLowerCase(Locale.ROOT))
          && isSafe(header.getKey())
          && isSafe(header.getValue())) {
        response.getHeaders().put(header.getKey(), header.getValue());
      }
    }
    for (Payload.Cookie cookie : http.cookies()) {
      StringBuilder text = new StringBuilder(cookie.name()).append('=').append(cookie.value());
      cookie.attributes().forEach(attribute -> text.append("; ").append(attribute));
      if (isSafe(text)) {
        response.getHeaders().add(HttpHeader.SET_COOKIE, text.toString());
      }
    }
    int status =
        http.status() != 0 ? http.status() : http.body() instanceof Payload.Empty ? 204 : 200;
    body(status, http.body());
  }

  private void body(int status, Payload body) {
    response.setStatus(status);
    ByteBuffer bytes;
    String type;
    if (body instanceof Payload.Binary binary) {
      bytes = binary.value().duplicate();
      type = "application/octet-stream";
    } else if (body instanceof Payload.Stream stream) {
      bytes = stream.value().duplicate();
      type = "application/octet-stream";
    } else {
      bytes = ByteBuffer.wrap(text(body).getBytes(StandardCharsets.UTF_8));
      type =
          body instanceof Payload.Json
              ? "application/json; charset=utf-8"
              : "text/plain; charset=utf-8";
    }
    if (bytes.hasRemaining() && response.getHeaders().get(HttpHeader.CONTENT_TYPE) == null) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    }
    send(bytes);
  }

  private static String text(Payload body) {
    if (body instanceof Payload.Whole whole) {
      return Long.toString(whole.value());
    }
    if (body instanceof Payload.Real real) {
      return Double.toString(real.value());
    }
    return body.asText();
  }

  private void plain(int status, String text) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void send(ByteBuffer bytes) {
    boolean noBody =
        request.getMethod().equals("HEAD")
            || response.getStatus() == 204
            || response.getStatus() == 304
            || response.getStatus() < 200;
    if (noBody) {
      response.write(true, null, callback);
      return;
    }
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.remaining());
    response.write(true, bytes, callback);
  }

  /** A line break in a header would begin another one. */
  private static boolean isSafe(CharSequence text) {
    return text.chars()
        .noneMatch(character -> (character < 0x20 && character != '\t') || character == 0x7f);
  }
}
