/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract itself: it passes what is sound, and sees each mistake where it says so. */
final class WorkerTransportContractTest {
  private static volatile TransportFlaw flaw = TransportFlaw.NONE;

  /** Run by the engine inside these tests alone. */
  static final class Subject extends WorkerTransportContract {
    @Override
    protected TransportHarness createHarness() {
      return new FlawedTransportHarness(flaw);
    }

    @Override
    protected Duration patience() {
      return flaw == TransportFlaw.NONE ? Duration.ofSeconds(60) : Duration.ofSeconds(1);
    }
  }

  @Test
  void soundTransportPasses() {
    flaw = TransportFlaw.NONE;

    ContractRun run = ContractRun.of(Subject.class);

    assertThat(run.failed()).isEmpty();
    assertThat(run.passed()).hasSizeGreaterThan(25);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void flawIsSeenByItsTest(TransportFlaw planted) {
    flaw = planted;

    ContractRun run = ContractRun.of(Subject.class, planted.seenBy());

    assertThat(run.failed()).containsExactly(planted.seenBy());
  }
}
