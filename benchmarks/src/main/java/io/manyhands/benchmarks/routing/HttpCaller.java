/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.routing;

import io.manyhands.benchmarks.harness.LeanHttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;

/** Calls over one connection and waits for each answer. */
final class HttpCaller implements Subject.Caller, AutoCloseable {
  private final LeanHttpClient client;
  private final byte[] request;
  private final int bodyBytes;

  HttpCaller(URI server, String path, int bodyBytes) {
    try {
      client = new LeanHttpClient(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    request = client.request(path, new byte[bodyBytes]);
    this.bodyBytes = bodyBytes;
  }

  @Override
  public void call(Runnable answered) {
    try {
      byte[] body = client.exchange(request);
      if (body.length != bodyBytes) {
        throw new IOException(body.length + " bytes came back (expected: " + bodyBytes + ")");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    answered.run();
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
