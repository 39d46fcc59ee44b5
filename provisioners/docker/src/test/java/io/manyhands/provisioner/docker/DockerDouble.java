/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.command.CreateContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.PullResponseItem;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.manyhands.testkit.contract.ProvisionerHarness;
import io.manyhands.testkit.contract.ProvisionerHarness.Trouble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The part of the Docker Engine API that is used, over HTTP. Each answer is read back by the
 * library's own class of it, which must know every field.
 */
final class DockerDouble implements DockerEngine {
  static final String IMAGE = "manyhands-test:1";

  /** An image of {@link #IMAGE}'s kind that must be pulled first. */
  static final String REMOTE_IMAGE = "registry.example/far:1";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final HttpServer server;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final DockerDoubleCalls calls = new DockerDoubleCalls();
  private final DockerDoubleEvents events = new DockerDoubleEvents();
  private final Map<String, DockerDoubleContainer> containers = new ConcurrentHashMap<>();
  private final Set<String> images = ConcurrentHashMap.newKeySet();
  private final Set<String> broken = new HashSet<>();
  private final AtomicReference<@Nullable Trouble> trouble = new AtomicReference<>();
  private final AtomicReference<@Nullable JsonNode> lastCreated = new AtomicReference<>();

  DockerDouble() throws IOException {
    images.add(IMAGE);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  @Override
  public String host() {
    return "tcp://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public String image() {
    return IMAGE;
  }

  @Override
  public void trouble(Trouble next) {
    trouble.set(next);
  }

  @Override
  public int mostInFlight() {
    return calls.most();
  }

  @Override
  public void silenceWatches() {
    events.silence();
  }

  @Override
  public void kill(String name) {
    DockerDoubleContainer container = containers.get(name);
    if (container == null || !container.isRunning()) {
      throw new IllegalStateException(name + " does not run");
    }
    container.end(137, false);
  }

  /** The engine's kernel wants its memory back. */
  void killForMemory(String name) {
    containers.get(name).end(137, true);
  }

  @Override
  public int running() {
    return (int) containers.values().stream().filter(DockerDoubleContainer::isRunning).count();
  }

  @Override
  public int present() {
    return containers.size();
  }

  @Override
  public void awaitReady(String name) {}

  /** The body of the last request for a container. */
  JsonNode lastCreated() {
    JsonNode body = lastCreated.get();
    if (body == null) {
      throw new AssertionError("no container was asked for");
    }
    return body;
  }

  /** An image that cannot be pulled. */
  void breakImage(String image) {
    broken.add(image);
  }

  /** Ends all event streams, saying so. */
  void endWatches() {
    events.end();
  }

  int watches() {
    return events.open();
  }

  @Override
  public void close() {
    events.end();
    containers.values().forEach(container -> container.end(137, false));
    server.stop(0);
    executor.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().replaceFirst("^/v1\\.[0-9]+", "");
    try (exchange) {
      if (path.equals("/events")) {
        events.serve(exchange);
      } else if (path.endsWith("/logs")) {
        logs(exchange, path.split("/")[2]);
      } else {
        calls.counted(() -> answer(exchange, path));
      }
    }
  }

  private void answer(HttpExchange exchange, String path) throws IOException {
    String method = exchange.getRequestMethod();
    if (path.equals("/info")) {
      json(
          exchange,
          200,
          Map.of("Name", "engine-double", "Containers", containers.size()),
          Info.class);
    } else if (path.startsWith("/images/") && path.endsWith("/json")) {
      image(exchange, path.substring(8, path.length() - 5));
    } else if (path.equals("/images/create")) {
      pull(exchange);
    } else if (path.equals("/containers/json")) {
      list(exchange);
    } else if (path.equals("/containers/create")) {
      create(exchange);
    } else if (path.startsWith("/containers/")) {
      String[] parts = path.split("/");
      container(exchange, method, parts[2], parts.length > 3 ? parts[3] : "");
    } else {
      error(exchange, 404, "page not found");
    }
  }

  private void image(HttpExchange exchange, String name) throws IOException {
    if (!images.contains(name)) {
      error(exchange, 404, "No such image: " + name);
      return;
    }
    json(
        exchange,
        200,
        Map.of("Id", "sha256:1", "Config", Map.of("Env", List.of("PATH=/bin", "JAVA_HOME=/jre"))),
        InspectImageResponse.class);
  }

  private void pull(HttpExchange exchange) throws IOException {
    Map<String, String> query = query(exchange);
    String image = query.get("fromImage") + ":" + query.get("tag");
    exchange.sendResponseHeaders(200, 0);
    if (broken.contains(image)) {
      String why = "manifest for " + image + " not found: manifest unknown";
      line(exchange, Map.of("errorDetail", Map.of("message", why), "error", why));
      return;
    }
    Map<String, Object> half = Map.of("current", 512, "total", 1024);
    line(exchange, Map.of("status", "Downloading", "id", "layer1", "progressDetail", half));
    images.add(image);
    line(exchange, Map.of("status", "Downloaded newer image for " + image));
  }

  private static void line(HttpExchange exchange, Map<String, Object> item) throws IOException {
    exchange
        .getResponseBody()
        .write((checked(item, PullResponseItem.class) + "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  private void list(HttpExchange exchange) throws IOException {
    JsonNode filters = JSON.readTree(query(exchange).getOrDefault("filters", "{}"));
    String label = filters.path("label").path(0).asText("");
    List<Map<String, Object>> listed =
        containers.values().stream()
            .filter(container -> container.hasLabel(label))
            .map(DockerDoubleContainer::listed)
            .toList();
    json(exchange, 200, listed, Container[].class);
  }

  private void create(HttpExchange exchange) throws IOException {
    JsonNode body = JSON.readTree(exchange.getRequestBody());
    lastCreated.set(body);
    String name = query(exchange).getOrDefault("name", "");
    if (!images.contains(body.path("Image").asText())) {
      error(exchange, 404, "No such image: " + body.path("Image").asText());
      return;
    }
    Trouble met = trouble.getAndSet(null);
    if (met == Trouble.BREAKS) {
      containers.put(name, new DockerDoubleContainer(name, body, events));
      containers.get(name).start();
    }
    if (met != null) {
      refuse(exchange, met, body);
      return;
    }
    DockerDoubleContainer made = new DockerDoubleContainer(name, body, events);
    if (containers.putIfAbsent(name, made) != null) {
      error(exchange, 409, "Conflict. The container name \"/" + name + "\" is already in use");
      return;
    }
    json(
        exchange,
        201,
        Map.of("Id", made.id(), "Warnings", new String[0]),
        CreateContainerResponse.class);
  }

  /** A refusal repeats the command line, as a real engine's may. */
  private void refuse(HttpExchange exchange, Trouble met, JsonNode body) throws IOException {
    switch (met) {
      case REFUSES -> error(exchange, 400, ProvisionerHarness.REFUSAL + ": " + body.path("Cmd"));
      case CONFLICT -> error(exchange, 409, "a container is being removed");
      case BREAKS -> error(exchange, 500, "something broke");
      default -> {
        exchange
            .getResponseHeaders()
            .add("Retry-After", Long.toString(ProvisionerHarness.RETRY_AFTER.toSeconds()));
        error(exchange, met == Trouble.BUSY ? 429 : 503, "come again");
      }
    }
  }

  private void container(HttpExchange exchange, String method, String name, String verb)
      throws IOException {
    DockerDoubleContainer container = containers.get(name);
    if (container == null) {
      error(exchange, 404, "No such container: " + name);
      return;
    }
    switch (verb) {
      case "start" -> {
        calls.meet(8);
        exchange.sendResponseHeaders(container.start() ? 204 : 304, -1);
      }
      case "kill" -> {
        if (container.signal(query(exchange).getOrDefault("signal", "SIGKILL"))) {
          exchange.sendResponseHeaders(204, -1);
        } else {
          error(exchange, 409, "container " + name + " is not running");
        }
      }
      case "json" -> json(exchange, 200, container.inspected(), InspectContainerResponse.class);
      default -> {
        if (!method.equals("DELETE")) {
          error(exchange, 404, "page not found");
          return;
        }
        containers.remove(name);
        container.end(137, false);
        events.tell("destroy", container, 0);
        exchange.sendResponseHeaders(204, -1);
      }
    }
  }

  private void logs(HttpExchange exchange, String name) throws IOException {
    DockerDoubleContainer container = containers.get(name);
    if (container == null) {
      error(exchange, 404, "No such container: " + name);
      return;
    }
    exchange.sendResponseHeaders(200, 0);
    if (List.of("1", "true").contains(query(exchange).get("follow"))) {
      container.awaitEnd();
    }
    for (byte[] frame : container.output()) {
      exchange.getResponseBody().write(frame);
    }
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new HashMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    if (raw != null) {
      Arrays.stream(raw.split("&"))
          .map(pair -> pair.split("=", 2))
          .forEach(
              pair ->
                  query.put(
                      pair[0],
                      URLDecoder.decode(pair.length > 1 ? pair[1] : "", StandardCharsets.UTF_8)));
    }
    return query;
  }

  private static void error(HttpExchange exchange, int status, String message) throws IOException {
    byte[] body = JSON.writeValueAsBytes(Map.of("message", message));
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static void json(HttpExchange exchange, int status, Object value, Class<?> known)
      throws IOException {
    byte[] body = checked(value, known).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  /** Fails where the library's class does not know a field. */
  static String checked(Object value, Class<?> known) throws IOException {
    String json = JSON.writeValueAsString(value);
    Object unused = JSON.readValue(json, known);
    return json;
  }
}
