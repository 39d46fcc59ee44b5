/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.api.Endpoint;
import io.manyhands.api.app.AccessKeys;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.app.TenantId;
import io.manyhands.core.concurrent.SystemSeams;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerApplication;
import io.manyhands.spi.trigger.TriggerListener;
import io.manyhands.testkit.FakePluginContext;
import io.manyhands.testkit.contract.RecordingSink;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/**
 * The real trigger on a real port, with applications that stand for whole Runtimes: a sink each,
 * which the test answers.
 */
final class HttpFixture implements AutoCloseable {
  static final Duration GRACE = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SystemSeams seams = SystemSeams.create("http-test");
  private final ExecutorService blocking = Executors.newCachedThreadPool();
  private final List<RawClient> clients = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  final FakePluginContext context = FakePluginContext.of(seams.seams(), blocking);
  final Trigger trigger;
  final int port;

  HttpFixture(Map<String, String> options) {
    trigger = new HttpTriggerFactory().create(new PluginConfig("trigger http", options), context);
    try {
      List<Endpoint> endpoints = trigger.start().toCompletableFuture().join();
      port = endpoints.get(0).uri().getPort();
    } catch (CompletionException e) {
      release();
      throw e;
    }
  }

  HttpFixture() {
    this(Map.of());
  }

  /** An application on the trigger. */
  final class App {
    final RecordingSink sink = new RecordingSink();
    final TriggerListener listener;
    TriggerApplication definition;

    App(TriggerApplication definition) {
      this.definition = definition;
      this.listener = trigger.listen(definition, sink);
    }

    /** As a JobHost does it: starts, reads the files, knows the functions. */
    Map<String, String> prepare(FunctionDefinition... functions) {
      listener.onState(JobHostState.STARTING);
      listener.onApplicationChanged(definition);
      listener.onState(JobHostState.INDEXING);
      return listener.prepare(List.of(functions));
    }

    App run(FunctionDefinition... functions) {
      Map<String, String> problems = prepare(functions);
      if (!problems.isEmpty()) {
        throw new AssertionError(problems);
      }
      listener.onState(JobHostState.RUNNING);
      return this;
    }

    void change(UnaryOperator<Definition> change) {
      definition = change.apply(new Definition(definition)).build();
      listener.onApplicationChanged(definition);
    }
  }

  /** Changes of an application's definition. */
  static final class Definition {
    private final ApplicationId id;
    private AccessKeys keys;
    private List<String> hosts;
    private Map<String, Object> http = new HashMap<>();
    private Optional<Duration> timeout;

    Definition(TriggerApplication from) {
      id = from.id();
      keys = from.keys();
      hosts = from.hostNames();
      timeout = from.functionTimeout();
      if (from.extensions().get("http") instanceof Map<?, ?> section) {
        section.forEach((key, value) -> http.put(String.valueOf(key), value));
      }
    }

    Definition keys(AccessKeys value) {
      keys = value;
      return this;
    }

    Definition hosts(String... value) {
      hosts = List.of(value);
      return this;
    }

    Definition hostJson(String key, Object value) {
      http.put(key, value);
      return this;
    }

    Definition timeout(Duration value) {
      timeout = Optional.of(value);
      return this;
    }

    TriggerApplication build() {
      return new TriggerApplication(
          id, TenantId.of("tenant"), keys, hosts, Map.of("http", http), timeout, Map.of());
    }
  }

  static TriggerApplication application(String id) {
    return new TriggerApplication(
        ApplicationId.of(id),
        TenantId.of("tenant"),
        AccessKeys.none(),
        List.of(),
        Map.of(),
        Optional.empty(),
        Map.of());
  }

  App app(String id, UnaryOperator<Definition> change) {
    return new App(change.apply(new Definition(application(id))).build());
  }

  App app(String id) {
    return app(id, definition -> definition);
  }

  /** The application {@code shop}, which runs one anonymous function {@code hello}. */
  App shop() {
    return app("shop").run(function("hello"));
  }

  /** An anonymous function that its own name leads to. */
  static FunctionDefinition function(String name) {
    return function(name, Map.of());
  }

  /** One with that route and those methods; none are all. */
  static FunctionDefinition function(String name, String route, String... methods) {
    return function(
        name,
        methods.length == 0
            ? Map.of("route", route)
            : Map.of("route", route, "methods", List.of(methods)));
  }

  /** One with further attributes of its trigger. */
  static FunctionDefinition function(String name, Map<String, Object> attributes) {
    Map<String, Object> trigger = new HashMap<>(Map.of("authLevel", "anonymous"));
    trigger.putAll(attributes);
    return new FunctionDefinition(
        name,
        "",
        "",
        "",
        "",
        List.of(
            new Binding("request", "httpTrigger", Binding.Direction.IN, trigger, "{}"),
            new Binding("res", "http", Binding.Direction.OUT, Map.of(), "{}")),
        Map.of());
  }

  RawClient connect() throws IOException {
    RawClient made = new RawClient(port);
    clients.add(made);
    return made;
  }

  /** GET over a connection of its own. */
  RawClient.Answer get(String target, String... headers) throws IOException {
    return request("GET", target, headers);
  }

  RawClient.Answer request(String method, String target, String... headers) throws IOException {
    try (RawClient raw = new RawClient(port)) {
      List<String> lines = new ArrayList<>(List.of(method + " " + target + " HTTP/1.1"));
      lines.addAll(List.of(headers));
      if (lines.stream().noneMatch(line -> line.startsWith("Host:"))) {
        lines.add("Host: localhost:" + port);
      }
      return raw.head(lines.toArray(String[]::new)).answer(method.equals("HEAD"));
    }
  }

  /** By the JDK's client, without waiting. */
  CompletableFuture<HttpResponse<byte[]>> send(
      String path, UnaryOperator<HttpRequest.Builder> change) {
    return client.sendAsync(
        change.apply(HttpRequest.newBuilder(uri(path)).timeout(PATIENCE)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> fetch(String path, UnaryOperator<HttpRequest.Builder> change) {
    return send(path, change).orTimeout(30, TimeUnit.SECONDS).join();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  static void await(String what, BooleanSupplier condition) {
    Awaitility.await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(condition::getAsBoolean);
  }

  @Override
  public void close() throws IOException {
    try {
      for (RawClient made : clients) {
        made.close();
      }
      trigger.stop(GRACE).toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    } finally {
      release();
    }
  }

  private void release() {
    blocking.shutdownNow();
    seams.close();
  }
}
