/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import com.github.dockerjava.api.model.Event;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** The streams of events. */
final class DockerDoubleEvents {
  private static final String END = "";

  private record Stream(BlockingQueue<String> lines, AtomicBoolean silent) {}

  private final List<Stream> streams = new CopyOnWriteArrayList<>();

  void serve(HttpExchange exchange) throws IOException {
    Stream stream = new Stream(new LinkedBlockingQueue<>(), new AtomicBoolean());
    streams.add(stream);
    try {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().flush();
      for (String line = stream.lines().take(); !line.equals(END); line = stream.lines().take()) {
        exchange.getResponseBody().write(line.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      streams.remove(stream);
    }
  }

  void tell(String action, DockerDoubleContainer container, int exitCode) {
    Map<String, String> attributes = new HashMap<>(container.labels());
    attributes.put("exitCode", Integer.toString(exitCode));
    String line;
    try {
      line =
          DockerDouble.checked(
              Map.of(
                  "Type",
                  "container",
                  "Action",
                  action,
                  "id",
                  container.id(),
                  "Actor",
                  Map.of("ID", container.id(), "Attributes", attributes)),
              Event.class);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    for (Stream stream : streams) {
      if (!stream.silent().get()) {
        stream.lines().add(line + "\n");
      }
    }
  }

  void silence() {
    streams.forEach(stream -> stream.silent().set(true));
  }

  void end() {
    streams.forEach(stream -> stream.lines().add(END));
  }

  int open() {
    return streams.size();
  }
}
