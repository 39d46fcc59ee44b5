/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.api.Endpoint;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.trigger.InvocationSink;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerApplication;
import io.manyhands.spi.trigger.TriggerListener;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** One HTTP server for all applications of a Runtime. Thread-safe. */
final class HttpTrigger implements Trigger {
  private final HttpOptions options;
  private final TimeSeams time;
  private final Executor blocking;
  private final AppTable table;
  private final Server server;
  private final ServerConnector connector;

  HttpTrigger(HttpOptions options, TimeSeams time, Executor blocking) {
    this.options = options;
    this.time = time;
    this.blocking = blocking;
    this.table = new AppTable(options.domain());
    QueuedThreadPool threads = new QueuedThreadPool(32, 2);
    threads.setName("manyhands-http");
    threads.setDaemon(true);
    this.server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(true);
    http.setUriCompliance(UriCompliance.RFC3986);
    this.connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(options.host());
    connector.setPort(options.port());
    connector.setIdleTimeout(options.idleTimeout().toMillis());
    server.addConnector(connector);
    server.setHandler(new RequestHandler(table, options, time));
    server.setErrorHandler(new PlainErrors());
  }

  @Override
  public Set<String> triggerTypes() {
    return Set.of("httpTrigger");
  }

  @Override
  public Set<String> bindingTypes() {
    return Set.of("http");
  }

  @Override
  public CompletionStage<List<Endpoint>> start() {
    return CompletableFuture.supplyAsync(this::open, blocking);
  }

  @Override
  public TriggerListener listen(TriggerApplication application, InvocationSink sink) {
    HttpListener listener = new HttpListener(application, sink, table, options, time);
    table.add(listener);
    return listener;
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            server.setStopTimeout(grace.toMillis());
            server.stop();
          } catch (Exception e) {
            throw new ManyhandsException(
                ErrorCode.INTERNAL, "trigger http: cannot stop its server: " + e, e);
          }
        },
        blocking);
  }

  private List<Endpoint> open() {
    try {
      server.start();
      return List.of(
          new Endpoint(
              "http", URI.create("http://" + options.host() + ":" + connector.getLocalPort())));
    } catch (Exception e) {
      try {
        server.stop();
      } catch (Exception again) {
        e.addSuppressed(again);
      }
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE,
          "trigger http: cannot listen on "
              + options.host()
              + ":"
              + options.port()
              + ": "
              + cause.getMessage(),
          e);
    }
  }
}
