/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.core.scaling.ScalingPolicies;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.policy.KeepAlivePolicy;
import io.manyhands.spi.policy.KeepAlivePolicy.KeepAlive;
import io.manyhands.spi.policy.KeepAlivePolicy.Windows;
import io.manyhands.testkit.FakePluginContext;
import io.manyhands.testkit.VirtualTime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract passes the policies that ship, and sees each mistake where it says so. */
final class KeepAlivePolicyContractTest {
  private static final AtomicInteger SHARED = new AtomicInteger();
  private static volatile Flaw flaw = Flaw.NONE;
  private static volatile String name = "histogram";

  /** A mistake that is made of sound windows. */
  enum Flaw {
    NONE("", sound -> sound),
    NOTHING_KEPT(
        "windowsAreUsableBeforeAnythingIsKnown",
        sound -> new Windows(sound.preWarm(), Duration.ZERO, sound.reason())),
    NEGATIVE(
        "windowsAreUsableWhateverWasSeen",
        sound -> new Windows(Duration.ofMinutes(-1), sound.keepAlive(), sound.reason())),
    SILENT(
        "windowsAreUsableWhateverWasSeen",
        sound -> new Windows(sound.preWarm(), sound.keepAlive(), " ")),
    ARBITRARY(
        "sameTimesAreAnsweredTheSame",
        sound ->
            new Windows(
                sound.preWarm(),
                sound.keepAlive().plusSeconds(SHARED.incrementAndGet()),
                sound.reason())),
    MIXED_UP(
        "applicationsDoNotInfluenceOneAnother",
        sound ->
            new Windows(
                sound.preWarm(), Duration.ofSeconds(SHARED.incrementAndGet()), sound.reason())),
    TOO_LATE(
        "regularCallIsAwaitedOrNotReckonedWith",
        sound -> new Windows(Duration.ofHours(1), sound.keepAlive(), sound.reason())),
    TOO_SHORT(
        "regularCallIsAwaitedOrNotReckonedWith",
        sound -> new Windows(Duration.ofMinutes(1), Duration.ofSeconds(1), sound.reason()));

    private final String seenBy;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final UnaryOperator<Windows> mistake;

    Flaw(String seenBy, UnaryOperator<Windows> mistake) {
      this.seenBy = seenBy;
      this.mistake = mistake;
    }
  }

  /** Run by the engine inside these tests alone. */
  static final class Subject extends KeepAlivePolicyContract {
    @Override
    protected KeepAlivePolicy createPolicy() {
      KeepAlivePolicy sound =
          new ScalingPolicies()
              .keepAlivePolicies().stream()
                  .filter(factory -> factory.name().equals(name))
                  .findFirst()
                  .orElseThrow()
                  .create(
                      new PluginConfig("keep-alive policy", Map.of()),
                      FakePluginContext.of(new VirtualTime(1)));
      return () -> {
        KeepAlive keepAlive = sound.keepAlive();
        return new KeepAlive() {
          @Override
          public void onIdleEnded(Duration idle) {
            keepAlive.onIdleEnded(idle);
          }

          @Override
          public Windows windows() {
            return flaw.mistake.apply(keepAlive.windows());
          }
        };
      };
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fixed", "histogram"})
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
    name = "histogram";

    assertThat(ContractRun.of(Subject.class, planted.seenBy).failed())
        .containsExactly(planted.seenBy);
  }
}
