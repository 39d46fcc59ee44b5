/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.trigger.Delivery;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeliveryTest {
  @Test
  void runThatOutlastsItsAcknowledgementIsAnsweredBeforeItsSourceDeliversAgain() {
    try (InMemoryRuntime world = InMemoryRuntime.start(options -> options.placeholders(FAKE, 0))) {
      world.script().function("never", request -> Reply.never());
      world.deploy("greeter");
      List<InvocationResult> results = new ArrayList<>();
      Duration acknowledgement = Duration.ofSeconds(2);

      world
          .trigger()
          .sink("greeter")
          .submit(
              Invocation.of(ApplicationId.of("greeter"), "never", Payload.text("x")),
              new Delivery(true, 1, Optional.of(acknowledgement)),
              results::add);
      world.advance(acknowledgement.minusMillis(1));
      assertThat(results).isEmpty();
      world.advance(Duration.ofMillis(20));

      assertThat(results)
          .extracting(result -> result.error().orElseThrow().code())
          .containsExactly(ErrorCode.DEADLINE_EXCEEDED);
    }
  }
}
