/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.worker.HealthMonitor;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Health and metrics over HTTP, for whoever watches the process: {@code /health/live} answers 200
 * as long as it lives, {@code /health/ready} 503 with reasons while it cannot serve or is about to
 * end, {@code /metrics} in Prometheus' format.
 */
final class ManagementServer implements AutoCloseable {
  private static final int THREADS = 2;

  private final HttpServer server;
  private final ExecutorService threads;
  private final FunctionRuntime runtime;
  private volatile boolean open;

  /** Listens at once, not ready. */
  ManagementServer(ServerConfig.Management where, FunctionRuntime runtime) throws IOException {
    this.runtime = runtime;
    try {
      this.server = HttpServer.create(new InetSocketAddress(where.host(), where.port()), 0);
    } catch (IOException taken) {
      throw new IOException(
          "management: cannot listen on "
              + where.host()
              + ":"
              + where.port()
              + ": "
              + taken.getMessage()
              + " (expected: an address of this machine and a free port)",
          taken);
    }
    PrometheusRegistry registry = new PrometheusRegistry();
    registry.register(new PrometheusMetrics(runtime));
    this.threads = Executors.newFixedThreadPool(THREADS, ManagementServer::thread);
    server.setExecutor(threads);
    server.createContext("/health/live", exchange -> answer(exchange, 200, "live\n"));
    server.createContext("/health/ready", this::ready);
    server.createContext("/metrics", new MetricsHandler(registry));
    server.start();
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "manyhands-management");
    thread.setDaemon(true);
    return thread;
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Whether calls are welcome. */
  void setOpen(boolean value) {
    open = value;
  }

  private void ready(HttpExchange exchange) throws IOException {
    if (!open) {
      answer(exchange, 503, "starting or stopping\n");
      return;
    }
    HealthMonitor.Health health = runtime.health().overall();
    StringBuilder text = new StringBuilder(health.status() + "\n");
    health.reasons().forEach(reason -> text.append(reason).append('\n'));
    answer(
        exchange, health.status() == HealthMonitor.Status.UNHEALTHY ? 503 : 200, text.toString());
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
