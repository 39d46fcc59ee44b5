/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.manyhands.api.invocation.Payload;
import io.manyhands.transport.grpc.protocol.CollectionBytes;
import io.manyhands.transport.grpc.protocol.CollectionDouble;
import io.manyhands.transport.grpc.protocol.CollectionModelBindingData;
import io.manyhands.transport.grpc.protocol.CollectionSInt64;
import io.manyhands.transport.grpc.protocol.CollectionString;
import io.manyhands.transport.grpc.protocol.ModelBindingData;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.RpcHttpCookie;
import io.manyhands.transport.grpc.protocol.TypedData;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Payloads to and from TypedData; bytes are wrapped, not copied. */
final class PayloadCodec {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT);
  private static final long FIRST_SECOND = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
  private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  private PayloadCodec() {}

  static TypedData encode(Payload payload) {
    TypedData.Builder data = TypedData.newBuilder();
    if (payload instanceof Payload.HttpRequest http) {
      data.setHttp(request(http));
    } else if (payload instanceof Payload.Text text) {
      data.setString(text.value());
    } else if (payload instanceof Payload.Json json) {
      data.setJson(json.value());
    } else if (payload instanceof Payload.Binary binary) {
      data.setBytes(wrap(binary.value()));
    } else if (payload instanceof Payload.Stream stream) {
      data.setStream(wrap(stream.value()));
    } else if (payload instanceof Payload.Whole whole) {
      data.setInt(whole.value());
    } else if (payload instanceof Payload.Real real) {
      data.setDouble(real.value());
    } else if (payload instanceof Payload.TextList list) {
      data.setCollectionString(CollectionString.newBuilder().addAllString(list.values()));
    } else if (payload instanceof Payload.BinaryList list) {
      CollectionBytes.Builder bytes = CollectionBytes.newBuilder();
      list.values().forEach(value -> bytes.addBytes(wrap(value)));
      data.setCollectionBytes(bytes);
    } else if (payload instanceof Payload.WholeList list) {
      data.setCollectionSint64(CollectionSInt64.newBuilder().addAllSint64(list.values()));
    } else if (payload instanceof Payload.RealList list) {
      data.setCollectionDouble(CollectionDouble.newBuilder().addAllDouble(list.values()));
    } else if (payload instanceof Payload.ModelBinding binding) {
      data.setModelBindingData(model(binding));
    } else if (payload instanceof Payload.ModelBindingList list) {
      CollectionModelBindingData.Builder all = CollectionModelBindingData.newBuilder();
      list.values().forEach(binding -> all.addModelBindingData(model(binding)));
      data.setCollectionModelBindingData(all);
    } else if (payload instanceof Payload.HttpResponse response) {
      data.setHttp(response(response));
    } else if (!(payload instanceof Payload.Empty)) {
      throw new IllegalArgumentException("no wire form of " + payload.getClass().getName());
    }
    return data.build();
  }

  static Payload decode(TypedData data) {
    return switch (data.getDataCase()) {
      case STRING -> new Payload.Text(data.getString());
      case JSON -> new Payload.Json(data.getJson());
      case BYTES -> new Payload.Binary(data.getBytes().asReadOnlyByteBuffer());
      case STREAM -> new Payload.Stream(data.getStream().asReadOnlyByteBuffer());
      case HTTP -> response(data.getHttp());
      case INT -> new Payload.Whole(data.getInt());
      case DOUBLE -> new Payload.Real(data.getDouble());
      case COLLECTION_BYTES ->
          new Payload.BinaryList(
              data.getCollectionBytes().getBytesList().stream()
                  .map(ByteString::asReadOnlyByteBuffer)
                  .toList());
      case COLLECTION_STRING -> new Payload.TextList(data.getCollectionString().getStringList());
      case COLLECTION_DOUBLE -> new Payload.RealList(data.getCollectionDouble().getDoubleList());
      case COLLECTION_SINT64 -> new Payload.WholeList(data.getCollectionSint64().getSint64List());
      case MODEL_BINDING_DATA -> model(data.getModelBindingData());
      case COLLECTION_MODEL_BINDING_DATA ->
          new Payload.ModelBindingList(
              data.getCollectionModelBindingData().getModelBindingDataList().stream()
                  .map(PayloadCodec::model)
                  .toList());
      case DATA_NOT_SET -> Payload.empty();
    };
  }

  private static RpcHttp request(Payload.HttpRequest http) {
    RpcHttp.Builder builder =
        RpcHttp.newBuilder()
            .setMethod(http.method())
            .setUrl(http.url())
            .putAllHeaders(http.headers())
            .putAllQuery(http.query())
            .putAllParams(http.params());
    if (!(http.body() instanceof Payload.Empty)) {
      builder.setBody(encode(http.body()));
    }
    return builder.build();
  }

  private static RpcHttp response(Payload.HttpResponse http) {
    RpcHttp.Builder builder =
        RpcHttp.newBuilder()
            .setStatusCode(Integer.toString(http.status()))
            .putAllHeaders(http.headers());
    if (!(http.body() instanceof Payload.Empty)) {
      builder.setBody(encode(http.body()));
    }
    return builder.build();
  }

  private static Payload.HttpResponse response(RpcHttp http) {
    List<Payload.Cookie> cookies = new ArrayList<>();
    http.getCookiesList().forEach(cookie -> cookies.add(cookie(cookie)));
    return new Payload.HttpResponse(
        status(http.getStatusCode()),
        http.getHeadersMap(),
        cookies,
        decode(http.getBody()),
        http.getEnableContentNegotiation());
  }

  /**
   * A status that is no number between 100 and 599 cannot be sent on; the function gets the blame:
   * 500.
   */
  static int status(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    try {
      int status = Integer.parseInt(text.trim());
      return status >= 100 && status <= 599 ? status : 500;
    } catch (NumberFormatException e) {
      return 500;
    }
  }

  private static Payload.Cookie cookie(RpcHttpCookie cookie) {
    List<String> attributes = new ArrayList<>();
    if (cookie.getDomain().hasValue()) {
      attributes.add("Domain=" + cookie.getDomain().getValue());
    }
    if (cookie.getPath().hasValue()) {
      attributes.add("Path=" + cookie.getPath().getValue());
    }
    if (cookie.getExpires().hasValue()) {
      expires(cookie.getExpires().getValue().getSeconds()).ifPresent(attributes::add);
    }
    if (cookie.getMaxAge().hasValue()) {
      attributes.add("Max-Age=" + (long) cookie.getMaxAge().getValue());
    }
    if (cookie.getSecure().getValue()) {
      attributes.add("Secure");
    }
    if (cookie.getHttpOnly().getValue()) {
      attributes.add("HttpOnly");
    }
    switch (cookie.getSameSite()) {
      case Lax -> attributes.add("SameSite=Lax");
      case Strict -> attributes.add("SameSite=Strict");
      case ExplicitNone -> attributes.add("SameSite=None");
      default -> {}
    }
    return new Payload.Cookie(cookie.getName(), cookie.getValue(), attributes);
  }

  /** A moment that the format of dates in HTTP cannot name is none. */
  private static Optional<String> expires(long seconds) {
    return seconds < FIRST_SECOND || seconds > LAST_SECOND
        ? Optional.empty()
        : Optional.of(
            "Expires=" + HTTP_DATE.format(Instant.ofEpochSecond(seconds).atZone(ZoneOffset.UTC)));
  }

  private static ModelBindingData model(Payload.ModelBinding binding) {
    return ModelBindingData.newBuilder()
        .setVersion(binding.version())
        .setSource(binding.source())
        .setContentType(binding.contentType())
        .setContent(wrap(binding.content()))
        .build();
  }

  private static Payload.ModelBinding model(ModelBindingData data) {
    return new Payload.ModelBinding(
        data.getVersion(),
        data.getSource(),
        data.getContentType(),
        data.getContent().asReadOnlyByteBuffer());
  }

  private static ByteString wrap(java.nio.ByteBuffer buffer) {
    return UnsafeByteOperations.unsafeWrap(buffer.duplicate());
  }
}
