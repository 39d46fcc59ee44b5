/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The command line: either official set of arguments, as {@code --name value} pairs, and three of
 * our own: {@code --manyhands-runtimes host:port,…}, further addresses of the Runtime, {@code
 * --manyhands-patience-seconds}, how long the worker does without one, and {@code
 * --manyhands-arguments-file}, a file with further words, one a line, where the command line can be
 * read by others. Unknown names are passed over, as the host may grow some.
 *
 * @param addresses at least one; tried in turn
 * @param workerId what this worker presents; a credential; empty for one of a pool, which is given
 *     one for its enrolment credential
 * @param patience by default ten minutes, time enough to start the Runtime anew
 */
record WorkerArguments(
    List<Address> addresses,
    String workerId,
    String requestId,
    int maximumMessageBytes,
    Duration patience,
    Credentials credentials) {
  private static final String LARGEST = Integer.toString(Integer.MAX_VALUE);

  /** Where a Runtime listens. */
  record Address(String host, int port) {
    static Address of(String what, String host, String port) {
      int number = number(what, port);
      if (number < 1 || number > 65_535) {
        throw new IllegalArgumentException(
            what + ": port " + number + " (expected: from 1 to 65535)");
      }
      return new Address(host, number);
    }

    /** Of {@code host:port}; an IPv6 address is in brackets. */
    static Address parse(String what, String text) {
      int colon = text.lastIndexOf(':');
      if (colon < 1) {
        throw new IllegalArgumentException(what + ": \"" + text + "\" (expected: host:port)");
      }
      return of(what, text.substring(0, colon), text.substring(colon + 1));
    }
  }

  WorkerArguments {
    addresses = List.copyOf(addresses);
  }

  /** With the credentials that this process's environment names. */
  static WorkerArguments parse(List<String> words) {
    return parse(words, System.getenv());
  }

  static WorkerArguments parse(List<String> words, Map<String, String> environment) {
    Map<String, String> values = new HashMap<>();
    put(words, values);
    String file = values.get("manyhands-arguments-file");
    if (file != null) {
      put(lines(file), values);
    }
    String id = values.getOrDefault("functions-worker-id", values.getOrDefault("workerId", ""));
    String uri = values.getOrDefault("functions-uri", "");
    Credentials credentials = Credentials.of(environment, uri.startsWith("https:"));
    if (id.isEmpty() && credentials.token().isEmpty()) {
      throw expected();
    }
    List<Address> addresses = new ArrayList<>();
    addresses.add(official(values));
    String more = values.getOrDefault("manyhands-runtimes", "");
    for (String each : more.split(",", -1)) {
      if (!each.isBlank()) {
        addresses.add(Address.parse("--manyhands-runtimes", each.trim()));
      }
    }
    String length =
        values.getOrDefault(
            "functions-grpc-max-message-length",
            values.getOrDefault("grpcMaxMessageLength", LARGEST));
    return new WorkerArguments(
        addresses.stream().distinct().toList(),
        id,
        values.getOrDefault("functions-request-id", values.getOrDefault("requestId", "")),
        number("message length", length),
        Duration.ofSeconds(
            number(
                "--manyhands-patience-seconds",
                values.getOrDefault("manyhands-patience-seconds", "600"))),
        credentials);
  }

  private static void put(List<String> words, Map<String, String> values) {
    for (int index = 0; index + 1 < words.size(); index += 2) {
      values.put(words.get(index).replaceFirst("^--", ""), words.get(index + 1));
    }
  }

  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file));
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException(
          "--manyhands-arguments-file: \"" + file + "\" (expected: a file with words)", e);
    }
  }

  private static Address official(Map<String, String> values) {
    String uri = values.get("functions-uri");
    if (uri != null) {
      URI parsed = URI.create(uri);
      if (parsed.getHost() == null || parsed.getPort() < 0) {
        throw new IllegalArgumentException(
            "--functions-uri: \"" + uri + "\" (expected: http://host:port/, or https:// for TLS)");
      }
      return new Address(parsed.getHost(), parsed.getPort());
    }
    String host = values.get("host");
    String port = values.get("port");
    if (host == null || port == null) {
      throw expected();
    }
    return Address.of("--port", host, port);
  }

  private static IllegalArgumentException expected() {
    return new IllegalArgumentException(
        "expected --host, --port and --workerId, or --functions-uri and --functions-worker-id (or an"
            + " enrolment credential instead of an id)");
  }

  private static int number(String what, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(what + ": \"" + text + "\" (expected: a whole number)", e);
    }
  }

  /** Without the worker id. */
  @Override
  public String toString() {
    return "WorkerArguments[" + addresses + ", patience=" + patience + "]";
  }
}
