/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The command line: either official set of arguments, as {@code --name value} pairs; unknown names
 * are passed over, as the host may grow some.
 *
 * @param workerId what this worker presents; a credential
 */
record WorkerArguments(
    String host, int port, String workerId, String requestId, int maximumMessageBytes) {
  static WorkerArguments parse(List<String> words) {
    Map<String, String> values = new HashMap<>();
    for (int index = 0; index + 1 < words.size(); index += 2) {
      values.put(words.get(index).replaceFirst("^--", ""), words.get(index + 1));
    }
    String uri = values.get("functions-uri");
    String host = uri == null ? values.get("host") : URI.create(uri).getHost();
    String port = uri == null ? values.get("port") : Integer.toString(URI.create(uri).getPort());
    String id = values.getOrDefault("functions-worker-id", values.getOrDefault("workerId", ""));
    if (host == null || port == null || id.isEmpty()) {
      throw new IllegalArgumentException(
          "expected --host, --port and --workerId, or --functions-uri and --functions-worker-id");
    }
    String length =
        values.getOrDefault(
            "functions-grpc-max-message-length",
            values.getOrDefault("grpcMaxMessageLength", "2147483647"));
    return new WorkerArguments(
        host,
        number("port", port),
        id,
        values.getOrDefault("functions-request-id", values.getOrDefault("requestId", "")),
        number("message length", length));
  }

  private static int number(String what, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(what + ": \"" + text + "\" (expected: a whole number)", e);
    }
  }
}
