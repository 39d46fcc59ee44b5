/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.provision;

import io.manyhands.api.Endpoint;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import java.net.URI;
import java.util.List;

/**
 * The command line that tells a worker where to dial in and as whom. The worker id in it is all the
 * credential that official workers present, so it must not be logged.
 */
public final class DialArguments {
  private static final String MESSAGE_LENGTH = Integer.toString(Integer.MAX_VALUE);

  private DialArguments() {}

  /**
   * Both sets of arguments that official workers know, in the order that all of them accept: Python
   * fails without the first set, Node.js without the second.
   *
   * @param endpoint where the Runtime listens, as the worker sees it
   * @param worker from the request
   * @param requestId any text of the provisioner's own, which the worker echoes
   * @throws ManyhandsException INVALID_ARGUMENT for an endpoint without host or port
   */
  public static List<String> of(Endpoint endpoint, WorkerId worker, String requestId) {
    URI uri = endpoint.uri();
    String host = uri.getHost();
    if (host == null || uri.getPort() < 1 || uri.getPort() > 65_535) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "endpoint %s cannot be dialled by a worker (expected: a host and a port from 1 to 65535)"
              .formatted(uri));
    }
    String port = Integer.toString(uri.getPort());
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
        ("https".equals(uri.getScheme()) ? "https://" : "http://") + host + ":" + port + "/",
        "--functions-worker-id",
        worker.value(),
        "--functions-request-id",
        requestId,
        "--functions-grpc-max-message-length",
        MESSAGE_LENGTH);
  }
}
