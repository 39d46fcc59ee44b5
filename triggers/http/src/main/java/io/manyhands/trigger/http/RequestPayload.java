/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.api.invocation.Payload;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** What a function sees of a request. */
final class RequestPayload {
  private RequestPayload() {}

  static Payload of(
      Request request,
      Proxies.Target target,
      Map<String, String> query,
      Map<String, String> parameters,
      ByteBuffer body) {
    return new Payload.HttpRequest(
        request.getMethod().toUpperCase(Locale.ROOT),
        target.url(),
        headers(request, target.trusted()),
        query,
        parameters,
        body.hasRemaining() ? new Payload.Binary(body) : Payload.empty());
  }

  /** What a proxy would say is left out where it was no proxy of ours that said it. */
  private static Map<String, String> headers(Request request, boolean trusted) {
    Map<String, String> headers = new HashMap<>();
    for (HttpField field : request.getHeaders()) {
      String name = field.getLowerCaseName();
      if (!trusted && (name.startsWith("x-forwarded-") || name.equals("forwarded"))) {
        continue;
      }
      String value = field.getValue() == null ? "" : field.getValue();
      String separator = field.getHeader() == HttpHeader.COOKIE ? "; " : ", ";
      headers.merge(name, value, (first, second) -> first + separator + second);
    }
    return headers;
  }
}
