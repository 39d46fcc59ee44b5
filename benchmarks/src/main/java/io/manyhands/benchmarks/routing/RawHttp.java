/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.routing;

import java.net.URI;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/** The HTTP server of the trigger with a handler that sends the body back. */
final class RawHttp implements Subject {
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server, 1, 1);

  RawHttp() throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new Echo());
    server.start();
  }

  @Override
  public String name() {
    return "raw HTTP";
  }

  @Override
  public Caller caller(int bodyBytes) {
    return new HttpCaller(
        URI.create("http://127.0.0.1:" + connector.getLocalPort()), "/", bodyBytes);
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the raw HTTP server did not stop", e);
    }
  }

  private static final class Echo extends Handler.Abstract.NonBlocking {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      Content.Source.asByteBuffer(
          request,
          Promise.from(
              (ByteBuffer body) -> {
                response.getHeaders().put("Content-Length", body.remaining());
                response.write(true, body, callback);
              },
              callback::failed));
      return true;
    }
  }
}
