/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.core.scaling.ScalingPolicies;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.policy.ScalePolicy;
import io.manyhands.spi.policy.ScalePolicy.Decision;
import io.manyhands.spi.policy.ScalePolicy.Load;
import io.manyhands.spi.policy.ScalePolicy.Scaler;
import io.manyhands.testkit.FakePluginContext;
import io.manyhands.testkit.VirtualTime;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract passes the policy that ships, and sees each mistake where it says so. */
final class ScalePolicyContractTest {
  private static final AtomicLong SHARED = new AtomicLong();
  private static volatile Flaw flaw = Flaw.NONE;

  /** A mistake that is made of a sound decision. */
  enum Flaw {
    NONE("", (load, sound) -> sound),
    UNBOUNDED(
        "numberIsWithinTheBoundsAndHasAReason",
        (load, sound) -> new Decision(sound.workers() + 15, sound.panic(), "more")),
    SILENT(
        "numberIsWithinTheBoundsAndHasAReason",
        (load, sound) -> new Decision(sound.workers(), sound.panic(), "")),
    ARBITRARY(
        "sameLoadsAreDecidedTheSame",
        (load, sound) -> new Decision(1 + (int) (SHARED.incrementAndGet() % 7), false, "dice")),
    MIXED_UP(
        "applicationsDoNotInfluenceOneAnother",
        (load, sound) ->
            new Decision(
                (int) Math.min(20, 1 + SHARED.addAndGet(load.running()) / 100), false, "all")),
    FLAPPING(
        "steadyLoadEndsInASteadyNumberThatCanBearIt",
        (load, sound) ->
            new Decision(
                Math.min(20, sound.workers() + (int) (load.nanos() / 1_000_000_000 % 2)),
                false,
                "restless")),
    TOO_FEW(
        "steadyLoadEndsInASteadyNumberThatCanBearIt",
        (load, sound) -> new Decision(Math.max(1, sound.workers() / 3), false, "mean")),
    UPSIDE_DOWN(
        "moreLoadNeverEndsInFewerWorkers",
        (load, sound) -> new Decision(21 - sound.workers(), false, "upside down")),
    CLINGING(
        "withoutLoadOneWorkerIsLeftInTheEnd",
        (load, sound) -> new Decision(Math.max(load.desired(), sound.workers()), false, "mine")),
    HASTY(
        "nothingIsTakenAwayInPanic",
        (load, sound) ->
            new Decision(load.running() < load.ready() ? 1 : sound.workers(), sound.panic(), "in")),
    DEAF(
        "callsThatWaitAreAnsweredWithMoreWorkersWithinAMinute",
        (load, sound) -> new Decision(1, false, "one is enough"));

    private final String seenBy;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final BiFunction<Load, Decision, Decision> mistake;

    Flaw(String seenBy, BiFunction<Load, Decision, Decision> mistake) {
      this.seenBy = seenBy;
      this.mistake = mistake;
    }
  }

  /** Run by the engine inside these tests alone. */
  static final class Subject extends ScalePolicyContract {
    @Override
    protected ScalePolicy createPolicy() {
      ScalePolicy sound =
          new ScalingPolicies()
              .scalePolicies()
              .get(0)
              .create(
                  new PluginConfig("scale policy", Map.of()),
                  FakePluginContext.of(new VirtualTime(1)));
      return () -> {
        Scaler scaler = sound.scaler();
        return load -> flaw.mistake.apply(load, scaler.decide(load));
      };
    }
  }

  @Test
  void policyThatShipsPasses() {
    flaw = Flaw.NONE;

    ContractRun run = ContractRun.of(Subject.class);

    assertThat(run.failed()).isEmpty();
    assertThat(run.passed()).hasSize(8);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void flawIsSeenByItsTest(Flaw planted) {
    flaw = planted;
    SHARED.set(0);

    assertThat(ContractRun.of(Subject.class, planted.seenBy).failed())
        .containsExactly(planted.seenBy);
  }
}
