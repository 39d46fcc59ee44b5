/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a transport does when the path between a worker and the Runtime fails. */
abstract class ConnectionFaultsContract extends TransportContractSupport {
  private static final int KIBIBYTE = 1024;

  @Test
  void cutConnectionEndsItsStreamAlone() {
    assertFaultEndsTheStreamAlone(TransportFault.CUT);
  }

  @Test
  void halfClosedConnectionEndsItsStreamAlone() {
    assertFaultEndsTheStreamAlone(TransportFault.HALF_CLOSE);
  }

  @Test
  void stalledStreamRefusesCallsKeepsRoomForControlAndTellsWhenThereIsRoom() {
    Stream stream = open();
    assertAlive(stream);
    if (!injected(stream, TransportFault.STALL)) {
      return;
    }
    List<String> sent = fill(stream);
    assertThat(stream.connection().send(new HostMessage.WorkerStatusRequest()))
        .as("a control message while calls are refused")
        .isEqualTo(SendResult.ACCEPTED);
    int told = stream.heard().writable();

    stream.peer().heal();

    assertThat(stream.heard().await(now -> now.writable() > told, patience()))
        .as("onWritable after a refusal, within %s", patience())
        .isTrue();
    int before = 1;
    awaitHeard(stream.peer().incoming(), before + sent.size() + 1);
    assertThat(
            stream.peer().incoming().messages().stream()
                .skip(before)
                .limit(sent.size())
                .map(message -> id(message)))
        .containsExactlyElementsOf(sent);
    assertAlive(stream);
  }

  @Test
  void closedStreamOfAWorkerThatDoesNotReadEndsAllTheSame() {
    Stream stream = open();
    assertAlive(stream);
    if (injected(stream, TransportFault.STALL)) {
      List<String> unread = fill(stream);
      assertThat(unread).doesNotHaveDuplicates();
    }

    stream.connection().close();

    assertThat(awaitEnd(stream.heard()).orderly()).isFalse();
    assertOverForGood(stream);
  }

  @Test
  void brokenOffStreamOfAWorkerThatDoesNotReadEndsAllTheSame() {
    Stream stream = open();
    assertAlive(stream);
    if (injected(stream, TransportFault.STALL)) {
      List<String> unread = fill(stream);
      assertThat(unread).doesNotHaveDuplicates();
    }

    stream.connection().abort("the contract's reason");

    assertThat(awaitEnd(stream.heard()))
        .isEqualTo(new StreamRecording.End("the contract's reason", false));
    assertOverForGood(stream);
  }

  @Test
  void stopReturnsThoughAWorkerDoesNotRead() {
    Listening listening = listen();
    Stream stream = listening.dial();
    assertAlive(stream);
    if (injected(stream, TransportFault.STALL)) {
      List<String> unread = fill(stream);
      assertThat(unread).doesNotHaveDuplicates();
    }

    listening.stop();

    assertThat(awaitEnd(stream.heard()).orderly()).isFalse();
    assertOverForGood(stream);
  }

  @Test
  void delayChangesNoOrderAndLosesNothing() {
    Stream stream = open();
    assertAlive(stream);
    if (!injected(stream, TransportFault.DELAY)) {
      return;
    }
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      accepted(stream, request("i" + i, new byte[KIBIBYTE]));
      stream.peer().send(response("i" + i, new byte[KIBIBYTE]));
      sent.add("i" + i);
    }
    awaitHeard(stream.peer().incoming(), 1 + sent.size());
    awaitHeard(stream.heard(), 1 + sent.size());
    assertThat(stream.peer().incoming().messages().stream().skip(1).map(message -> id(message)))
        .containsExactlyElementsOf(sent);
    assertThat(stream.heard().messages().stream().skip(1).map(message -> id(message)))
        .containsExactlyElementsOf(sent);
    stream.peer().heal();
    assertAlive(stream);
  }

  @Test
  void streamOutlivesTheWordThatThereWillBeNoFurther() {
    Stream stream = open();
    assertAlive(stream);
    if (!injected(stream, TransportFault.GO_AWAY)) {
      return;
    }
    for (int i = 0; i < 100; i++) {
      assertAlive(stream);
    }
    stream.peer().complete();
    assertThat(awaitEnd(stream.heard()).orderly()).isTrue();
    assertOverForGood(stream);
  }

  private void assertFaultEndsTheStreamAlone(TransportFault fault) {
    Listening listening = listen();
    Stream stream = listening.dial();
    Stream other = listening.dial();
    assertAlive(stream);
    if (!injected(stream, fault)) {
      return;
    }

    assertThat(awaitEnd(stream.heard()).orderly()).as("orderly after %s", fault).isFalse();

    assertThat(stream.heard().ends().get(0).reason()).isNotBlank();
    assertAlive(other);
    assertOverForGood(stream);
  }

  /** True where the fault was planted; false where it was refused as it must be. */
  private boolean injected(Stream stream, TransportFault fault) {
    if (harness().faults().contains(fault)) {
      stream.peer().inject(fault);
      return true;
    }
    assertThatThrownBy(() -> stream.peer().inject(fault))
        .as("a fault that the harness does not list")
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining(fault.name());
    assertAlive(stream);
    return false;
  }

  /** Sends calls until one is refused for good; returns those that were taken. */
  private List<String> fill(Stream stream) {
    List<String> sent = new ArrayList<>();
    long deadline = System.nanoTime() + patience().toNanos();
    while (sent.size() * (long) KIBIBYTE < TransportHarness.MAXIMUM_WAITING_BYTES) {
      int told = stream.heard().writable();
      SendResult result = stream.connection().send(request("w" + sent.size(), new byte[KIBIBYTE]));
      if (result == SendResult.ACCEPTED) {
        sent.add("w" + sent.size());
      } else if (result != SendResult.NOT_ACCEPTED) {
        return fail("a call to a worker that does not read was " + result);
      } else if (!stream.heard().await(now -> now.writable() > told, Duration.ofMillis(300))) {
        return sent;
      } else if (System.nanoTime() > deadline) {
        return fail("calls to a worker that does not read pass for " + patience());
      }
    }
    return fail(
        "%s calls of 1 KiB wait for a worker that does not read (expected: %s at %s bytes)",
        sent.size(), SendResult.NOT_ACCEPTED, TransportHarness.MAXIMUM_WAITING_BYTES);
  }
}
