/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.invocation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Data that goes to or comes from a function. A closed set, one kind a kind of the protocol's
 * TypedData. Buffers are read-only and handed over: whoever passes one never writes to its memory
 * again; readers duplicate before they move the position.
 */
public sealed interface Payload {
  /** Nothing. */
  static Empty empty() {
    return Empty.INSTANCE;
  }

  /** Bytes that it holds, roughly, for budgets. */
  long size();

  /** Nothing at all. */
  record Empty() implements Payload {
    private static final Empty INSTANCE = new Empty();

    @Override
    public long size() {
      return 0;
    }
  }

  /** Text. */
  record Text(String value) implements Payload {
    public Text {
      Objects.requireNonNull(value, "value");
    }

    @Override
    public long size() {
      return value.length();
    }
  }

  /** A JSON document as text. */
  record Json(String value) implements Payload {
    public Json {
      Objects.requireNonNull(value, "value");
    }

    @Override
    public long size() {
      return value.length();
    }
  }

  /** Bytes. */
  record Binary(ByteBuffer value) implements Payload {
    public Binary {
      value = readOnly(value);
    }

    @Override
    public long size() {
      return value.remaining();
    }
  }

  /** Bytes that are to be seen as a stream. */
  record Stream(ByteBuffer value) implements Payload {
    public Stream {
      value = readOnly(value);
    }

    @Override
    public long size() {
      return value.remaining();
    }
  }

  /** A whole number. */
  record Whole(long value) implements Payload {
    @Override
    public long size() {
      return 8;
    }
  }

  /** A floating-point number. */
  record Real(double value) implements Payload {
    @Override
    public long size() {
      return 8;
    }
  }

  /** Several texts. */
  record TextList(List<String> values) implements Payload {
    public TextList {
      values = List.copyOf(values);
    }

    @Override
    public long size() {
      return values.stream().mapToLong(String::length).sum();
    }
  }

  /** Several byte sequences. */
  record BinaryList(List<ByteBuffer> values) implements Payload {
    public BinaryList {
      values = values.stream().map(Payload::readOnly).toList();
    }

    @Override
    public long size() {
      return values.stream().mapToLong(ByteBuffer::remaining).sum();
    }
  }

  /** Several whole numbers. */
  record WholeList(List<Long> values) implements Payload {
    public WholeList {
      values = List.copyOf(values);
    }

    @Override
    public long size() {
      return 8L * values.size();
    }
  }

  /** Several floating-point numbers. */
  record RealList(List<Double> values) implements Payload {
    public RealList {
      values = List.copyOf(values);
    }

    @Override
    public long size() {
      return 8L * values.size();
    }
  }

  /** Data that the worker's SDK binds. */
  record ModelBinding(String version, String source, String contentType, ByteBuffer content)
      implements Payload {
    public ModelBinding {
      content = readOnly(content);
    }

    @Override
    public long size() {
      return content.remaining();
    }
  }

  /** Several of those. */
  record ModelBindingList(List<ModelBinding> values) implements Payload {
    public ModelBindingList {
      values = List.copyOf(values);
    }

    @Override
    public long size() {
      return values.stream().mapToLong(ModelBinding::size).sum();
    }
  }

  /**
   * An HTTP request for a function.
   *
   * @param method upper case
   * @param url absolute, as the client sent it
   * @param headers by lower-case name; several values joined with a comma
   * @param query by name; several values joined with a comma
   * @param params of the route
   * @param body Text, Json, Binary or Empty
   */
  record HttpRequest(
      String method,
      String url,
      Map<String, String> headers,
      Map<String, String> query,
      Map<String, String> params,
      Payload body)
      implements Payload {
    public HttpRequest {
      Objects.requireNonNull(method, "method");
      Objects.requireNonNull(url, "url");
      headers = Map.copyOf(headers);
      query = Map.copyOf(query);
      params = Map.copyOf(params);
      Objects.requireNonNull(body, "body");
    }

    @Override
    public long size() {
      return url.length() + mapSize(headers) + mapSize(query) + mapSize(params) + body.size();
    }
  }

  /**
   * An HTTP response of a function.
   *
   * @param status 100 to 599; 0 where the worker gave none, to be read as 200 (204 without a body)
   * @param headers by name as the worker gave them
   * @param cookies to be set
   * @param body any other kind
   * @param negotiate true where the body's form follows the request's Accept header
   */
  record HttpResponse(
      int status,
      Map<String, String> headers,
      List<Cookie> cookies,
      Payload body,
      boolean negotiate)
      implements Payload {
    public HttpResponse {
      headers = Map.copyOf(headers);
      cookies = List.copyOf(cookies);
      Objects.requireNonNull(body, "body");
    }

    public static HttpResponse of(int status, String body) {
      return new HttpResponse(status, Map.of(), List.of(), new Text(body), false);
    }

    @Override
    public long size() {
      return mapSize(headers) + body.size();
    }
  }

  /**
   * A cookie to set.
   *
   * @param attributes further attributes in order, such as {@code Path=/} or {@code Secure}
   */
  record Cookie(String name, String value, List<String> attributes) {
    public Cookie {
      attributes = List.copyOf(attributes);
    }
  }

  static Payload text(String value) {
    return new Text(value);
  }

  static Payload json(String value) {
    return new Json(value);
  }

  static Payload bytes(byte[] value) {
    return new Binary(ByteBuffer.wrap(value));
  }

  /**
   * The content of a Text or Json, or the UTF-8 reading of a Binary or Stream; of anything else its
   * own toString.
   */
  default String asText() {
    if (this instanceof Text text) {
      return text.value();
    }
    if (this instanceof Json json) {
      return json.value();
    }
    if (this instanceof Binary binary) {
      return StandardCharsets.UTF_8.decode(binary.value().duplicate()).toString();
    }
    if (this instanceof Stream stream) {
      return StandardCharsets.UTF_8.decode(stream.value().duplicate()).toString();
    }
    return this instanceof Empty ? "" : toString();
  }

  private static ByteBuffer readOnly(ByteBuffer buffer) {
    return buffer.isReadOnly() ? buffer : buffer.asReadOnlyBuffer();
  }

  private static long mapSize(Map<String, String> map) {
    long size = 0;
    for (Map.Entry<String, String> entry : map.entrySet()) {
      size += entry.getKey().length() + entry.getValue().length();
    }
    return size;
  }
}
