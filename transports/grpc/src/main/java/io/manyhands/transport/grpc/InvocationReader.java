/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.transport.StatusInfo;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.ParameterBinding;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.TypedData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads an InvocationResponse straight from the bytes of its StreamingMessage, of which payloads
 * stay views. It knows what workers answer every day; whatever else it meets, it leaves to the
 * generated classes by answering null. One message by one thread.
 */
final class InvocationReader {
  private static final int REQUEST_ID = lengthPrefixed(StreamingMessage.REQUEST_ID_FIELD_NUMBER);
  private static final int RESPONSE =
      lengthPrefixed(StreamingMessage.INVOCATION_RESPONSE_FIELD_NUMBER);

  private static final int INVOCATION_ID =
      lengthPrefixed(InvocationResponse.INVOCATION_ID_FIELD_NUMBER);
  private static final int OUTPUT_DATA =
      lengthPrefixed(InvocationResponse.OUTPUT_DATA_FIELD_NUMBER);
  private static final int RESULT = lengthPrefixed(InvocationResponse.RESULT_FIELD_NUMBER);
  private static final int RETURN_VALUE =
      lengthPrefixed(InvocationResponse.RETURN_VALUE_FIELD_NUMBER);

  private static final int NAME = lengthPrefixed(ParameterBinding.NAME_FIELD_NUMBER);
  private static final int DATA = lengthPrefixed(ParameterBinding.DATA_FIELD_NUMBER);

  private static final int STRING = lengthPrefixed(TypedData.STRING_FIELD_NUMBER);
  private static final int JSON = lengthPrefixed(TypedData.JSON_FIELD_NUMBER);
  private static final int BYTES = lengthPrefixed(TypedData.BYTES_FIELD_NUMBER);
  private static final int STREAM = lengthPrefixed(TypedData.STREAM_FIELD_NUMBER);
  private static final int HTTP = lengthPrefixed(TypedData.HTTP_FIELD_NUMBER);

  private static final int HEADERS = lengthPrefixed(RpcHttp.HEADERS_FIELD_NUMBER);
  private static final int BODY = lengthPrefixed(RpcHttp.BODY_FIELD_NUMBER);
  private static final int STATUS_CODE = lengthPrefixed(RpcHttp.STATUS_CODE_FIELD_NUMBER);
  private static final int NEGOTIATION =
      RpcHttp.ENABLE_CONTENT_NEGOTIATION_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT;

  private static final int ENTRY_KEY = lengthPrefixed(1);
  private static final int ENTRY_VALUE = lengthPrefixed(2);

  private final byte[] bytes;
  private final int offset;
  private final CodedInputStream input;

  private InvocationReader(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.offset = offset;
    this.input = CodedInputStream.newInstance(bytes, offset, length);
  }

  /** Null where it is something else, or more than is read here. */
  static WorkerMessage.@Nullable InvocationResponse read(byte[] bytes, int offset, int length)
      throws IOException {
    return new InvocationReader(bytes, offset, length).envelope();
  }

  private WorkerMessage.@Nullable InvocationResponse envelope() throws IOException {
    WorkerMessage.InvocationResponse response = null;
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      if (tag == RESPONSE && response == null) {
        int end = enter();
        response = response();
        if (response == null) {
          return null;
        }
        input.popLimit(end);
      } else if (tag != REQUEST_ID || !skipText()) {
        return null;
      }
    }
    return response;
  }

  private WorkerMessage.@Nullable InvocationResponse response() throws IOException {
    String id = "";
    StatusInfo status = null;
    Payload returned = null;
    Map<String, Payload> outputs = Map.of();
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      if (tag == INVOCATION_ID) {
        id = input.readStringRequireUtf8();
      } else if (tag == RESULT && status == null) {
        status = status();
      } else if (tag == RETURN_VALUE && returned == null) {
        returned = data(true);
        if (returned == null) {
          return null;
        }
      } else if (tag == OUTPUT_DATA) {
        outputs = outputs.isEmpty() ? new HashMap<>() : outputs;
        if (!output(outputs)) {
          return null;
        }
      } else {
        return null;
      }
    }
    return new WorkerMessage.InvocationResponse(
        id,
        status == null ? WorkerMessageDecoder.status(StatusResult.getDefaultInstance()) : status,
        outputs,
        returned == null ? Payload.empty() : returned);
  }

  private StatusInfo status() throws IOException {
    int length = input.readRawVarint32();
    int at = position();
    input.skipRawBytes(length);
    // Nothing but the word Success.
    if (length == 2
        && bytes[at] == (StatusResult.STATUS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT)
        && bytes[at + 1] == StatusResult.Status.Success_VALUE) {
      return StatusInfo.success();
    }
    return WorkerMessageDecoder.status(StatusResult.parser().parseFrom(bytes, at, length));
  }

  private boolean output(Map<String, Payload> outputs) throws IOException {
    int end = enter();
    String name = "";
    Payload data = null;
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      if (tag == NAME) {
        name = input.readStringRequireUtf8();
      } else if (tag == DATA && data == null) {
        data = data(true);
        if (data == null) {
          return false;
        }
      } else {
        return false;
      }
    }
    input.popLimit(end);
    outputs.put(name, data == null ? Payload.empty() : data);
    return true;
  }

  /**
   * A TypedData.
   *
   * @param mayBeHttp not within another one, or a stranger's message could nest until the stack
   *     ends
   */
  private @Nullable Payload data(boolean mayBeHttp) throws IOException {
    int end = enter();
    Payload data = Payload.empty();
    boolean seen = false;
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      if (seen) {
        return null;
      }
      seen = true;
      if (tag == BYTES) {
        data = new Payload.Binary(view());
      } else if (tag == STRING) {
        data = new Payload.Text(input.readStringRequireUtf8());
      } else if (tag == JSON) {
        data = new Payload.Json(input.readStringRequireUtf8());
      } else if (tag == STREAM) {
        data = new Payload.Stream(view());
      } else if (tag == HTTP && mayBeHttp) {
        Payload http = http();
        if (http == null) {
          return null;
        }
        data = http;
      } else {
        return null;
      }
    }
    input.popLimit(end);
    return data;
  }

  private @Nullable Payload http() throws IOException {
    int end = enter();
    String status = "";
    Map<String, String> headers = Map.of();
    Payload body = null;
    boolean negotiate = false;
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      if (tag == STATUS_CODE) {
        status = input.readStringRequireUtf8();
      } else if (tag == HEADERS) {
        headers = headers.isEmpty() ? new HashMap<>() : headers;
        if (!entry(headers)) {
          return null;
        }
      } else if (tag == BODY && body == null) {
        body = data(false);
        if (body == null) {
          return null;
        }
      } else if (tag == NEGOTIATION) {
        negotiate = input.readBool();
      } else {
        return null;
      }
    }
    input.popLimit(end);
    return new Payload.HttpResponse(
        PayloadCodec.status(status),
        headers,
        List.of(),
        body == null ? Payload.empty() : body,
        negotiate);
  }

  private boolean entry(Map<String, String> entries) throws IOException {
    int end = enter();
    String key = "";
    String value = "";
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      if (tag == ENTRY_KEY) {
        key = input.readStringRequireUtf8();
      } else if (tag == ENTRY_VALUE) {
        value = input.readStringRequireUtf8();
      } else {
        return false;
      }
    }
    input.popLimit(end);
    entries.put(key, value);
    return true;
  }

  /** Goes into a message within; what is returned leads out. */
  private int enter() throws IOException {
    return input.pushLimit(input.readRawVarint32());
  }

  /** False where it is none. */
  private boolean skipText() throws IOException {
    int length = input.readRawVarint32();
    int at = position();
    input.skipRawBytes(length);
    return UnsafeByteOperations.unsafeWrap(bytes, at, length).isValidUtf8();
  }

  private ByteBuffer view() throws IOException {
    int length = input.readRawVarint32();
    int at = position();
    input.skipRawBytes(length);
    return ByteBuffer.wrap(bytes, at, length).slice();
  }

  private int position() {
    return offset + input.getTotalBytesRead();
  }

  private static int lengthPrefixed(int field) {
    return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }
}
