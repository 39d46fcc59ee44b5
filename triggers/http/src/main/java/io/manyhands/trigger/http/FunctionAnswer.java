/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the result of an invocation into the answer of its request. */
final class FunctionAnswer {
  static final String INVOCATION_HEADER = "x-manyhands-invocation";

  private static final Logger LOG = LoggerFactory.getLogger(FunctionAnswer.class);
  private static final int DEFAULT_STATUS = 0;

  private final Answers answers;
  private final HostSection section;
  private final String function;

  /**
   * @param function application and function, for the log
   */
  FunctionAnswer(Answers answers, HostSection section, String function) {
    this.answers = answers;
    this.section = section;
    this.function = function;
  }

  /**
   * @param output the binding that may hold the answer where the return value does not
   */
  void send(InvocationResult result, Optional<String> output) {
    if (result.error().isPresent()) {
      failure(result, result.error().get());
      return;
    }
    if (!answers.claim()) {
      return;
    }
    answers.headers().put(INVOCATION_HEADER, result.id().value());
    Payload value = result.returnValue();
    if (!(value instanceof Payload.HttpResponse) && output.isPresent()) {
      value = result.outputs().getOrDefault(output.get(), value);
    }
    if (value instanceof Payload.HttpResponse http) {
      http(http);
    } else {
      body(DEFAULT_STATUS, value);
    }
  }

  private void failure(InvocationResult result, InvocationResult.Failure failure) {
    if (failure.code() != io.manyhands.api.ErrorCode.CANCELLED) {
      answers.headers().put(INVOCATION_HEADER, result.id().value());
    }
    switch (failure.code()) {
      case FUNCTION_FAILED -> answers.refuse(500, "the function failed");
      case WORKER_LOST, PROTOCOL_VIOLATION ->
          answers.refuse(502, "the worker was lost; the function may have run");
      case DEADLINE_EXCEEDED -> answers.refuse(504, "the function did not answer in time");
      case LIMIT_EXCEEDED ->
          answers.refuseForNow(429, "a limit of the application was reached", failure.retryAfter());
      case PAYLOAD_TOO_LARGE -> answers.refuse(413, "the request is larger than a worker takes");
      case APP_NOT_FOUND, FUNCTION_NOT_FOUND -> answers.refuse(404, "no such function");
      case CANCELLED -> answers.gone();
      case INTERNAL, INVALID_ARGUMENT -> answers.refuse(500, "internal error");
      case APP_FAILED, APP_STOPPED -> answers.refuseForNow(503, "the application is not running");
      case APP_EXISTS,
          WORKER_START_FAILED,
          WORKER_REFUSED,
          QUEUE_FULL,
          NO_WORKER,
          PROVISIONING_FAILED,
          RESOURCE_UNAVAILABLE,
          RUNTIME_CLOSED,
          RUNTIME_FULL ->
          answers.refuseForNow(503, "no worker is free");
    }
  }

  private void http(Payload.HttpResponse http) {
    HttpFields.Mutable headers = answers.headers();
    for (Map.Entry<String, String> header : http.headers().entrySet()) {
      if (!HeaderRules.isName(header.getKey()) || !HeaderRules.isValue(header.getValue())) {
        broken("header \"" + header.getKey() + "\" cannot be sent");
        return;
      }
      if (!HeaderRules.isServers(header.getKey())) {
        headers.put(header.getKey(), header.getValue());
      }
    }
    for (Payload.Cookie cookie : http.cookies()) {
      Optional<String> text = SetCookie.text(cookie);
      if (text.isEmpty()) {
        broken("cookie \"" + cookie.name() + "\" cannot be sent");
        return;
      }
      headers.add(HttpHeader.SET_COOKIE, text.get());
    }
    if (http.status() != DEFAULT_STATUS && (http.status() < 200 || http.status() > 599)) {
      broken("status " + http.status() + " is no final answer");
      return;
    }
    body(http.status(), http.body());
  }

  /** The function ran, and answered what is no answer. */
  private void broken(String why) {
    LOG.warn("function {}: its answer is replaced by 500: {}", function, printable(why));
    refuse(500, "the function's answer is malformed");
  }

  private void refuse(int status, String text) {
    String id = answers.headers().get(INVOCATION_HEADER);
    answers.headers().clear();
    answers.headers().put(INVOCATION_HEADER, id);
    answers.plain(status, text);
  }

  private void body(int status, Payload body) {
    HttpFields.Mutable headers = answers.headers();
    section
        .customHeaders()
        .forEach(
            (name, value) -> {
              if (!headers.contains(name)) {
                headers.put(name, value);
              }
            });
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
    if (!answers.hold(bytes.remaining())) {
      LOG.warn(
          "function {}: no memory is free for its answer of {} bytes", function, bytes.remaining());
      refuse(503, "the function has run, and no memory is free for its answer");
      return;
    }
    if (bytes.hasRemaining() && !headers.contains(HttpHeader.CONTENT_TYPE)) {
      headers.put(HttpHeader.CONTENT_TYPE, type);
    }
    int standard = body instanceof Payload.Empty ? 204 : 200;
    answers.send(status == DEFAULT_STATUS ? standard : status, bytes);
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

  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
