/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.ParameterBinding;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.RpcTraceContext;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.TypedData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Map;

/**
 * Writes an InvocationRequest straight into its wire form. The last input comes last of all and its
 * body last of that, so that the body need not be copied.
 */
final class InvocationWriter {
  private static final int ENTRY_KEY = 1;
  private static final int ENTRY_VALUE = 2;

  private final HostMessage.InvocationRequest request;
  private final WireWriter writer = new WireWriter();

  private InvocationWriter(HostMessage.InvocationRequest request) {
    this.request = request;
  }

  /** As a StreamingMessage. */
  static WireMessage write(HostMessage.InvocationRequest request) {
    return new InvocationWriter(request).twice(0);
  }

  /** As a message of which that field holds the StreamingMessage. */
  static WireMessage writeWithin(int field, HostMessage.InvocationRequest request) {
    return new InvocationWriter(request).twice(field);
  }

  private WireMessage twice(int frame) {
    try {
      framed(frame);
      writer.begin();
      framed(frame);
    } catch (IOException e) {
      throw new UncheckedIOException("an array of the message's size did not take it", e);
    }
    return writer.finish();
  }

  private void framed(int frame) throws IOException {
    if (frame == 0) {
      envelope();
    } else {
      int message = writer.message(frame);
      envelope();
      writer.end(frame, message);
    }
  }

  private void envelope() throws IOException {
    // Workers correlate by invocation id; some echo this one all the same.
    writer.text(StreamingMessage.REQUEST_ID_FIELD_NUMBER, request.invocationId());
    int invocation = writer.message(StreamingMessage.INVOCATION_REQUEST_FIELD_NUMBER);
    writer.text(InvocationRequest.INVOCATION_ID_FIELD_NUMBER, request.invocationId());
    writer.text(InvocationRequest.FUNCTION_ID_FIELD_NUMBER, request.functionId());
    int trace = writer.message(InvocationRequest.TRACE_CONTEXT_FIELD_NUMBER);
    writer.text(RpcTraceContext.TRACE_PARENT_FIELD_NUMBER, request.trace().traceParent());
    writer.text(RpcTraceContext.TRACE_STATE_FIELD_NUMBER, request.trace().traceState());
    writer.end(InvocationRequest.TRACE_CONTEXT_FIELD_NUMBER, trace);
    if (request.retry().isPresent()) {
      writer.made(
          InvocationRequest.RETRY_CONTEXT_FIELD_NUMBER,
          () -> HostMessageEncoder.retry(request.retry().get()));
    }
    for (Map.Entry<String, Payload> item : request.triggerMetadata().entrySet()) {
      int entry = writer.message(InvocationRequest.TRIGGER_METADATA_FIELD_NUMBER);
      writer.presentText(ENTRY_KEY, item.getKey());
      data(ENTRY_VALUE, item.getValue(), false);
      writer.end(InvocationRequest.TRIGGER_METADATA_FIELD_NUMBER, entry);
    }
    Iterator<Map.Entry<String, Payload>> inputs = request.inputs().entrySet().iterator();
    while (inputs.hasNext()) {
      Map.Entry<String, Payload> input = inputs.next();
      int binding = writer.message(InvocationRequest.INPUT_DATA_FIELD_NUMBER);
      writer.text(ParameterBinding.NAME_FIELD_NUMBER, input.getKey());
      data(ParameterBinding.DATA_FIELD_NUMBER, input.getValue(), !inputs.hasNext());
      writer.end(InvocationRequest.INPUT_DATA_FIELD_NUMBER, binding);
    }
    writer.end(StreamingMessage.INVOCATION_REQUEST_FIELD_NUMBER, invocation);
  }

  /** A TypedData. */
  private void data(int field, Payload payload, boolean last) throws IOException {
    if (!isPlain(payload)) {
      writer.made(field, () -> PayloadCodec.encode(payload));
      return;
    }
    int data = writer.message(field);
    if (payload instanceof Payload.HttpRequest http) {
      int request = writer.message(TypedData.HTTP_FIELD_NUMBER);
      http(http, last);
      writer.end(TypedData.HTTP_FIELD_NUMBER, request);
    } else if (payload instanceof Payload.Binary binary) {
      bytes(TypedData.BYTES_FIELD_NUMBER, binary.value(), last);
    } else if (payload instanceof Payload.Stream stream) {
      bytes(TypedData.STREAM_FIELD_NUMBER, stream.value(), last);
    } else if (payload instanceof Payload.Text text) {
      writer.presentText(TypedData.STRING_FIELD_NUMBER, text.value());
    } else if (payload instanceof Payload.Json json) {
      writer.presentText(TypedData.JSON_FIELD_NUMBER, json.value());
    }
    writer.end(field, data);
  }

  /** Whether it is written here; the rest is rare. */
  private static boolean isPlain(Payload payload) {
    return payload instanceof Payload.HttpRequest
        || payload instanceof Payload.Binary
        || payload instanceof Payload.Text
        || payload instanceof Payload.Json
        || payload instanceof Payload.Stream
        || payload instanceof Payload.Empty;
  }

  private void bytes(int field, ByteBuffer value, boolean last) throws IOException {
    if (last) {
      writer.lastBytes(field, value);
    } else {
      writer.bytes(field, value);
    }
  }

  private void http(Payload.HttpRequest http, boolean last) throws IOException {
    writer.text(RpcHttp.METHOD_FIELD_NUMBER, http.method());
    writer.text(RpcHttp.URL_FIELD_NUMBER, http.url());
    texts(RpcHttp.HEADERS_FIELD_NUMBER, http.headers());
    texts(RpcHttp.PARAMS_FIELD_NUMBER, http.params());
    texts(RpcHttp.QUERY_FIELD_NUMBER, http.query());
    if (!(http.body() instanceof Payload.Empty)) {
      data(RpcHttp.BODY_FIELD_NUMBER, http.body(), last);
    }
  }

  private void texts(int field, Map<String, String> values) throws IOException {
    for (Map.Entry<String, String> value : values.entrySet()) {
      int entry = writer.message(field);
      writer.presentText(ENTRY_KEY, value.getKey());
      writer.presentText(ENTRY_VALUE, value.getValue());
      writer.end(field, entry);
    }
  }
}
