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
final class TriggerContractTest {
  private static volatile TriggerFlaw flaw = TriggerFlaw.NONE;

  /** Run by the engine inside these tests alone. */
  static final class Subject extends TriggerContract {
    @Override
    protected TriggerHarness createHarness() {
      return new FlawedEvents(flaw);
    }

    @Override
    protected Duration patience() {
      return flaw == TriggerFlaw.NONE ? Duration.ofSeconds(60) : Duration.ofMillis(500);
    }
  }

  @Test
  void soundTriggerPasses() {
    flaw = TriggerFlaw.NONE;

    ContractRun run = ContractRun.of(Subject.class);

    assertThat(run.failed()).isEmpty();
    assertThat(run.passed()).hasSizeGreaterThan(15);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void flawIsSeenByItsTest(TriggerFlaw planted) {
    flaw = planted;

    ContractRun run = ContractRun.of(Subject.class, planted.seenBy());

    assertThat(run.failed()).containsExactly(planted.seenBy());
  }
}
