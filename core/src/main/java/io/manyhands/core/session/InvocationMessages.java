/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.transport.HostMessage;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes a call in the form that a worker's capabilities ask for. */
final class InvocationMessages {
  private InvocationMessages() {}

  static HostMessage.InvocationRequest request(
      Call call, LoadedFunction function, boolean rawHttpBodies) {
    Payload payload = call.invocation().payload();
    if (!rawHttpBodies && payload instanceof Payload.HttpRequest http) {
      payload = withTextBody(http);
    }
    Map<String, Payload> further = call.invocation().inputs();
    Map<String, Payload> inputs;
    if (further.isEmpty()) {
      inputs = Map.of(function.triggerName(), payload);
    } else {
      inputs = new HashMap<>(further);
      inputs.put(function.triggerName(), payload);
    }
    return new HostMessage.InvocationRequest(
        call.id().value(),
        function.id(),
        inputs,
        call.invocation().triggerMetadata(),
        call.trace(),
        retry(call, function));
  }

  /** Also with the first run, which may be the last one that a function's policy allows. */
  private static Optional<HostMessage.Retry> retry(Call call, LoadedFunction function) {
    if (call.retry().isPresent() || call.isRunOnce() || function.retry().isEmpty()) {
      return call.retry();
    }
    return Optional.of(
        new HostMessage.Retry(0, function.retry().get().maximumRetries(), Optional.empty()));
  }

  /**
   * Workers without RawHttpBodyBytes take text, but for the two content types that everybody takes
   * as bytes.
   */
  private static Payload withTextBody(Payload.HttpRequest http) {
    if (!(http.body() instanceof Payload.Binary body)) {
      return http;
    }
    String contentType = http.headers().getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
    if (contentType.startsWith("application/octet-stream")
        || contentType.startsWith("multipart/")) {
      return http;
    }
    String text = StandardCharsets.UTF_8.decode(body.value().duplicate()).toString();
    return new Payload.HttpRequest(
        http.method(),
        http.url(),
        http.headers(),
        http.query(),
        http.params(),
        new Payload.Text(text));
  }
}
