/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.external;

import io.manyhands.api.worker.WorkerId;
import java.net.URI;
import java.util.List;

/**
 * The arguments that tell a worker where to dial in and as whom: both sets that official workers
 * know, in the order that all of them accept (Python fails without the first set, Node.js without
 * the second).
 */
final class DialArguments {
  private static final String MESSAGE_LENGTH = Integer.toString(Integer.MAX_VALUE);

  private DialArguments() {}

  static List<String> of(URI endpoint, WorkerId worker, String requestId) {
    String host = endpoint.getHost();
    String port = Integer.toString(endpoint.getPort());
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return List.of(
        "--host",
        bare,
        "--port",
        port,
        "--workerId",
        worker.value(),
        "--requestId",
        requestId,
        "--grpcMaxMessageLength",
        MESSAGE_LENGTH,
        "--functions-uri",
        "http://" + host + ":" + port + "/",
        "--functions-worker-id",
        worker.value(),
        "--functions-request-id",
        requestId,
        "--functions-grpc-max-message-length",
        MESSAGE_LENGTH);
  }
}
