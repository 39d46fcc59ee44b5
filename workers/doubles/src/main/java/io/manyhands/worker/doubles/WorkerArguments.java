/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The command line: two official sets of {@code --name value} pairs (P-LAUNCH-1). */
record WorkerArguments(Map<String, String> values) {
  static WorkerArguments parse(List<String> words) {
    Map<String, String> values = new HashMap<>();
    for (int index = 0; index + 1 < words.size(); index += 2) {
      values.put(words.get(index).replaceFirst("^--", ""), words.get(index + 1));
    }
    return new WorkerArguments(Map.copyOf(values));
  }

  /** The newer set, {@code --functions-…}. */
  Optional<HostAddress> functionsSet() {
    String uri = values.get("functions-uri");
    String worker = values.get("functions-worker-id");
    String request = values.get("functions-request-id");
    if (uri == null || worker == null || request == null) {
      return Optional.empty();
    }
    URI parsed = URI.create(uri);
    return Optional.of(
        new HostAddress(
            parsed.getHost(),
            parsed.getPort(),
            worker,
            request,
            length("functions-grpc-max-message-length")));
  }

  /** The older set, {@code --host} and so on. */
  Optional<HostAddress> plainSet() {
    String host = values.get("host");
    String port = values.get("port");
    String worker = values.get("workerId");
    String request = values.get("requestId");
    if (host == null || port == null || worker == null || request == null) {
      return Optional.empty();
    }
    return Optional.of(
        new HostAddress(
            host, Integer.parseInt(port), worker, request, length("grpcMaxMessageLength")));
  }

  private int length(String name) {
    return Integer.parseInt(values.getOrDefault(name, "4194304"));
  }
}
