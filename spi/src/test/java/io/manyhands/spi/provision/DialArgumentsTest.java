/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.Endpoint;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import java.net.URI;
import org.junit.jupiter.api.Test;

class DialArgumentsTest {
  private static final WorkerId WORKER = new WorkerId("0123456789abcdef0123456789abcdef");

  @Test
  void bothSetsOfArgumentsStandInTheFixedOrder() {
    assertThat(DialArguments.of(endpoint("http://127.0.0.1:7071"), WORKER, "r"))
        .containsExactly(
            "--host",
            "127.0.0.1",
            "--port",
            "7071",
            "--workerId",
            WORKER.value(),
            "--requestId",
            "r",
            "--grpcMaxMessageLength",
            "2147483647",
            "--functions-uri",
            "http://127.0.0.1:7071/",
            "--functions-worker-id",
            WORKER.value(),
            "--functions-request-id",
            "r",
            "--functions-grpc-max-message-length",
            "2147483647");
  }

  @Test
  void addressOfVersionSixHasBracketsOnlyInTheUri() {
    assertThat(DialArguments.of(endpoint("http://[::1]:7071"), WORKER, "r"))
        .startsWith("--host", "::1")
        .contains("http://[::1]:7071/");
  }

  @Test
  void endpointThatNobodyCanDialIsRefusedByName() {
    for (String uri : new String[] {"http://127.0.0.1", "inprocess:here"}) {
      assertThatThrownBy(() -> DialArguments.of(endpoint(uri), WORKER, "r"))
          .isInstanceOf(ManyhandsException.class)
          .hasMessageContaining(uri)
          .hasMessageContaining("1 to 65535");
    }
  }

  private static Endpoint endpoint(String uri) {
    return new Endpoint("grpc", URI.create(uri));
  }
}
