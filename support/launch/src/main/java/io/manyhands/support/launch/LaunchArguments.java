/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.util.List;

/**
 * What a worker is told on its command line: where to dial in and as whom. The worker id is all the
 * credential that official workers present, so it must not be logged.
 *
 * @param host where the Runtime listens, as the worker sees it
 * @param port 1 to 65535
 * @param workerId unguessable and used once
 * @param requestId echoed by the worker in its StartStream
 * @param maxMessageLength in bytes; Azure's host says 2147483647
 */
public record LaunchArguments(
    String host, int port, String workerId, String requestId, int maxMessageLength) {

  public LaunchArguments {
    if (host.isBlank()) {
      throw new LaunchException("the host to dial is empty (expected: a name or address)");
    }
    if (port < 1 || port > 65_535) {
      throw new LaunchException("the port to dial is %d (expected: 1 to 65535)".formatted(port));
    }
  }

  /**
   * Both sets of arguments that official workers know, in the order that all of them accept: Python
   * fails without the first set, Node.js without the second.
   */
  public List<String> toArguments() {
    String length = Integer.toString(maxMessageLength);
    return List.of(
        "--host",
        host,
        "--port",
        Integer.toString(port),
        "--workerId",
        workerId,
        "--requestId",
        requestId,
        "--grpcMaxMessageLength",
        length,
        "--functions-uri",
        "http://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port + "/",
        "--functions-worker-id",
        workerId,
        "--functions-request-id",
        requestId,
        "--functions-grpc-max-message-length",
        length);
  }

  /** Without the worker id. */
  @Override
  public String toString() {
    return "LaunchArguments[" + host + ":" + port + "]";
  }
}
