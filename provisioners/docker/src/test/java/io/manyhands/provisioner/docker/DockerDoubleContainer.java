/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.manyhands.testkit.contract.ProvisionerHarness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A container of the double, whose command decides what it does. */
final class DockerDoubleContainer {
  private enum State {
    CREATED,
    RUNNING,
    EXITED
  }

  private final String id = UUID.randomUUID().toString().replace("-", "");
  private final String name;
  private final JsonNode body;
  private final DockerDoubleEvents events;
  private final List<byte[]> output = new ArrayList<>();
  private State state = State.CREATED;
  private int exitCode;
  private boolean killedForMemory;

  DockerDoubleContainer(String name, JsonNode body, DockerDoubleEvents events) {
    this.name = name;
    this.body = body;
    this.events = events;
  }

  String id() {
    return id;
  }

  Map<String, String> labels() {
    Map<String, String> labels = new HashMap<>();
    body.path("Labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return labels;
  }

  boolean hasLabel(String filter) {
    String[] parts = filter.split("=", 2);
    return parts.length == 2 && parts[1].equals(labels().get(parts[0]));
  }

  synchronized boolean isRunning() {
    return state == State.RUNNING;
  }

  /** False where it runs already. */
  boolean start() {
    synchronized (this) {
      if (state == State.RUNNING) {
        return false;
      }
      state = State.RUNNING;
    }
    if (command().equals("/dying.sh")) {
      // In two frames, one of them of standard error, as they may come.
      write(1, "starting\nthese are ");
      write(2, ProvisionerHarness.LAST_WORDS + "\n");
      end(ProvisionerHarness.DYING_EXIT_CODE, false);
    }
    return true;
  }

  /** False where it does not run. */
  boolean signal(String signal) {
    if (!isRunning()) {
      return false;
    }
    if (signal.equals("SIGKILL")) {
      end(137, false);
    } else if (command().equals("/polite.sh")) {
      end(ProvisionerHarness.POLITE_EXIT_CODE, false);
    }
    return true;
  }

  void end(int code, boolean forMemory) {
    synchronized (this) {
      if (state != State.RUNNING) {
        return;
      }
      state = State.EXITED;
      exitCode = code;
      killedForMemory = forMemory;
      notifyAll();
    }
    events.tell("die", this, code);
  }

  synchronized void awaitEnd() throws IOException {
    try {
      while (state == State.RUNNING) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  synchronized List<byte[]> output() {
    return List.copyOf(output);
  }

  private synchronized void write(int stream, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    output.add(
        ByteBuffer.allocate(8 + bytes.length)
            .put((byte) stream)
            .put(new byte[3])
            .putInt(bytes.length)
            .put(bytes)
            .array());
  }

  private String command() {
    return body.path("Cmd").path(0).asText();
  }

  synchronized Map<String, Object> listed() {
    return Map.of(
        "Id", id,
        "Names", List.of("/" + name),
        "State", state.name().toLowerCase(java.util.Locale.ROOT),
        "Labels", labels());
  }

  synchronized Map<String, Object> inspected() {
    List<String> command = new ArrayList<>();
    body.path("Cmd").forEach(word -> command.add(word.asText()));
    return Map.of(
        "Id",
        id,
        "Name",
        "/" + name,
        "State",
        Map.of(
            "Running",
            state == State.RUNNING,
            "OOMKilled",
            killedForMemory,
            "ExitCode",
            exitCode,
            "Error",
            ""),
        "Config",
        Map.of("Cmd", command, "Labels", labels()));
  }
}
