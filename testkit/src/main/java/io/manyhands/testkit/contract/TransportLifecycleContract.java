/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.transport.WorkerTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a transport ends, and what it gives back. */
abstract class TransportLifecycleContract extends ConnectionFaultsContract {
  @Test
  void stopEndsEveryStreamAndLeavesNoThread() {
    Listening listening = listen();
    List<Stream> streams = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Stream stream = listening.dial();
      assertAlive(stream);
      streams.add(stream);
    }

    listening.stop();

    for (Stream stream : streams) {
      assertThat(awaitEnd(stream.heard()).orderly()).isFalse();
      assertThat(awaitEnd(stream.peer().incoming()).reason()).isNotNull();
      assertOverForGood(stream);
    }
    assertNoThreadIsLeft();
  }

  @Test
  void nobodyIsTakenAfterTheStop() {
    Listening listening = listen();
    assertAlive(listening.dial());
    listening.stop();

    TransportPeer late = harness().dial(listening.transport, listening.endpoint);

    StreamRecording.End unused = awaitEnd(late.incoming());
    assertThat(listening.waiting()).as("connections presented after the stop").isZero();
  }

  @Test
  void addressIsFreeAfterTheStop() {
    if (!supports(TransportBehaviour.OCCUPIES_AN_ADDRESS)) {
      assertTransportsAreApart();
      return;
    }
    Listening first = listen();
    Stream stream = first.dial();
    assertAlive(stream);
    first.stop();

    Listening second = new Listening(harness().createAt(first.endpoint), acceptor -> acceptor);

    assertThat(second.endpoint).isEqualTo(first.endpoint);
    assertAlive(second.dial());
  }

  @Test
  void addressThatSomebodyHasIsNamed() {
    if (!supports(TransportBehaviour.OCCUPIES_AN_ADDRESS)) {
      assertTransportsAreApart();
      return;
    }
    Listening first = listen();
    WorkerTransport second = harness().createAt(first.endpoint);

    Throwable refusal =
        failure(second.start(connection -> fail("nobody dials this one"))).orElse(null);

    assertThat(refusal)
        .isInstanceOfSatisfying(
            ManyhandsException.class,
            why -> assertThat(why.code()).isEqualTo(ErrorCode.RESOURCE_UNAVAILABLE));
    assertThat(refusal)
        .hasMessageContaining(
            first.endpoint.uri().getHost() + ":" + first.endpoint.uri().getPort());
    await(second.stop(GRACE), "stop of what could not start");
    assertAlive(first.dial());
  }

  @Test
  void stopWithoutStartCompletes() {
    await(harness().create().stop(GRACE), "stop");

    assertNoThreadIsLeft();
  }

  private void assertTransportsAreApart() {
    Listening first = listen();
    Listening second = listen();
    assertAlive(first.dial());
    assertAlive(second.dial());
    assertThat(first.waiting() + second.waiting()).isZero();
  }

  private void assertNoThreadIsLeft() {
    long deadline = System.nanoTime() + patience().toNanos();
    StreamRecording<Void> nothing = new StreamRecording<>();
    while (harness().threads() > 0 && System.nanoTime() < deadline) {
      // A thread that has reported its end may still be on its last steps.
      boolean unused = nothing.await(never -> false, Duration.ofMillis(20));
    }
    assertThat(harness().threads()).as("threads of the transport after its stop").isZero();
  }
}
