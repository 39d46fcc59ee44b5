/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.core.scaling.ScalingPolicies;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.policy.PoolPolicy;
import io.manyhands.spi.policy.PoolPolicy.Size;
import io.manyhands.spi.policy.PoolPolicy.Sizer;
import io.manyhands.testkit.FakePluginContext;
import io.manyhands.testkit.VirtualTime;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract passes the policies that ship, and sees each mistake where it says so. */
final class PoolPolicyContractTest {
  private static final AtomicInteger SHARED = new AtomicInteger();
  private static volatile Flaw flaw = Flaw.NONE;
  private static volatile String name = "adaptive";

  /** A mistake that is made of a sound size. */
  enum Flaw {
    NONE("", sound -> sound),
    TOO_SMALL(
        "sizeIsNeverBelowWhatIsConfiguredAndHasAReason",
        sound -> new Size(sound.placeholders() - 2, sound.reason())),
    SILENT(
        "sizeIsNeverBelowWhatIsConfiguredAndHasAReason",
        sound -> new Size(sound.placeholders(), "")),
    ENDLESS(
        "sizeDoesNotGrowWithoutEnd",
        sound -> new Size(sound.placeholders() + SHARED.incrementAndGet(), sound.reason())),
    ARBITRARY(
        "sameDemandsAreDecidedTheSame",
        sound -> new Size(sound.placeholders() + SHARED.incrementAndGet() % 7, sound.reason())),
    MIXED_UP(
        "stacksDoNotInfluenceOneAnother",
        sound -> new Size(sound.placeholders() + SHARED.incrementAndGet(), sound.reason())),
    CLINGING(
        "poolThatNobodyAsksOfIsAsConfiguredInTheEnd",
        sound ->
            new Size(SHARED.accumulateAndGet(sound.placeholders(), Math::max), sound.reason()));

    private final String seenBy;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final UnaryOperator<Size> mistake;

    Flaw(String seenBy, UnaryOperator<Size> mistake) {
      this.seenBy = seenBy;
      this.mistake = mistake;
    }
  }

  /** Run by the engine inside these tests alone. */
  static final class Subject extends PoolPolicyContract {
    @Override
    protected PoolPolicy createPolicy() {
      PoolPolicy sound =
          new ScalingPolicies()
              .poolPolicies().stream()
                  .filter(factory -> factory.name().equals(name))
                  .findFirst()
                  .orElseThrow()
                  .create(
                      new PluginConfig("pool policy", Map.of()),
                      FakePluginContext.of(new VirtualTime(1)));
      return () -> {
        Sizer sizer = sound.sizer();
        return demand -> flaw.mistake.apply(sizer.decide(demand));
      };
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fixed", "adaptive"})
  void policyThatShipsPasses(String shipped) {
    flaw = Flaw.NONE;
    name = shipped;

    ContractRun run = ContractRun.of(Subject.class);

    assertThat(run.failed()).isEmpty();
    assertThat(run.passed()).hasSize(5);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void flawIsSeenByItsTest(Flaw planted) {
    flaw = planted;
    name = "adaptive";
    SHARED.set(0);

    assertThat(ContractRun.of(Subject.class, planted.seenBy).failed())
        .containsExactly(planted.seenBy);
  }
}
