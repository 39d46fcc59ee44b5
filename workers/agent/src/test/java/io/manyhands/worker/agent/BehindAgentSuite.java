/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.testkit.SocketProxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The same, and what an agent adds to a stock worker. */
abstract class BehindAgentSuite extends BehaviourSuite {
  BehindAgentSuite(StockWorker worker) {
    super(worker, (stock, own) -> Wiring.separated(stock, own, 3));
  }

  @Test
  void callsAndTheSpecializationSurviveTheLossOfTheStream() throws Exception {
    SocketProxy proxy = wiring().proxy().orElseThrow();
    WorkerInfo before = worker("main");
    CompletableFuture<InvocationResult> running = invoke("main", "rest", SOON);
    await().atMost(SOON).until(() -> worker("main").inFlight() > 0);

    proxy.cut();

    assertThat(running.get(90, TimeUnit.SECONDS).error()).isEmpty();
    WorkerInfo after = worker("main");
    assertThat(after.id()).isEqualTo(before.id());
    assertThat(after.epoch()).isGreaterThan(before.epoch());
    assertThat(get("main", "env").body()).isEqualTo("red");
  }
}
