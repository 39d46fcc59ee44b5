/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.api.Endpoint;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.PluginContext;
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
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One HTTP server for all applications of a Runtime. Thread-safe. */
final class HttpTrigger implements Trigger {
  private static final Logger LOG = LoggerFactory.getLogger(HttpTrigger.class);

  /**
   * A lone line feed may end a line, by the standard; servers differ, which is what smugglers use.
   */
  private static final HttpCompliance STRICT =
      HttpCompliance.RFC9110.without(
          "strict",
          HttpCompliance.Violation.LF_HEADER_TERMINATION,
          HttpCompliance.Violation.LF_CHUNK_TERMINATION);

  private static final int THREADS = 32;

  private final HttpOptions options;
  private final Executor blocking;
  private final AppTable table;
  private final Server server;
  private final WatchingConnector connector;

  HttpTrigger(HttpOptions options, PluginContext context) {
    this.options = options;
    this.blocking = context.blockingExecutor();
    this.table = new AppTable(options.domain());
    BodyBudget budget = new BodyBudget(options.maximumBufferedBytes());
    HttpCounters counters =
        new HttpCounters(
            context.counter("requests"),
            context.counter("clientsGone"),
            context.counter("tooSlow"));
    context.gauge("bufferedBytes", budget::held);
    context.gauge("pending", table::pending);
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
    threads.setName("manyhands-http");
    threads.setDaemon(true);
    this.server = new Server(threads);
    this.connector =
        new WatchingConnector(
            server,
            new HttpConnectionFactory(configuration(options)),
            context.time(),
            options.timeouts().head());
    connector.setHost(options.host());
    connector.setPort(options.port());
    connector.setIdleTimeout(options.timeouts().idle().toMillis());
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(options.maximumConnections(), connector));
    server.setHandler(
        new RequestHandler(new Exchange.Server(table, options, budget, context.time()), counters));
    server.setErrorHandler(new PlainErrors());
  }

  private static HttpConfiguration configuration(HttpOptions options) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(true);
    http.setRequestHeaderSize(options.maximumHeaderBytes());
    http.setResponseHeaderSize(64 << 10);
    http.setHttpCompliance(STRICT);
    // Paths are judged by us: more strictly, and with a short answer.
    http.setUriCompliance(UriCompliance.UNSAFE);
    return http;
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
    HttpListener listener = new HttpListener(application, sink, table, options.maximumPending());
    table.add(listener);
    return listener;
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    return CompletableFuture.runAsync(() -> close(grace), blocking);
  }

  private void close(Duration grace) {
    try {
      server.setStopTimeout(grace.toMillis());
      server.stop();
    } catch (TimeoutException e) {
      // The grace is over, and the connections that were left are cut.
      LOG.info("trigger http: stopped with connections still open after {}", grace);
    } catch (Exception e) {
      throw new ManyhandsException(
          ErrorCode.INTERNAL, "trigger http: cannot stop its server: " + e, e);
    }
  }

  private List<Endpoint> open() {
    try {
      server.start();
      return List.of(
          new Endpoint(
              "http", URI.create("http://" + authority() + ":" + connector.getLocalPort())));
    } catch (Exception e) {
      try {
        server.stop();
      } catch (Exception again) {
        e.addSuppressed(again);
      }
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE,
          "trigger http: cannot listen on option host "
              + options.host()
              + ", option port "
              + options.port()
              + ": "
              + cause.getMessage()
              + " (expected: an address of this machine, and a port that is free, or 0 for any)",
          e);
    }
  }

  private String authority() {
    return options.host().indexOf(':') < 0 ? options.host() : "[" + options.host() + "]";
  }
}
