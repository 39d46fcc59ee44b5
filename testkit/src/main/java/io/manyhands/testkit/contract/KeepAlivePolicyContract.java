/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.spi.policy.KeepAlivePolicy;
import io.manyhands.spi.policy.KeepAlivePolicy.KeepAlive;
import io.manyhands.spi.policy.KeepAlivePolicy.Windows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** What every {@link KeepAlivePolicy} keeps to. Extend it in a test of yours. */
public abstract class KeepAlivePolicyContract {
  private static final int TIMES = 3000;

  /** A new instance of the policy, as a Runtime would make it. */
  protected abstract KeepAlivePolicy createPolicy();

  @Test
  public void windowsAreUsableBeforeAnythingIsKnown() {
    Windows windows = createPolicy().keepAlive().windows();

    assertThat(windows.preWarm()).isZero();
    assertThat(windows.keepAlive()).isPositive();
    assertThat(windows.reason()).isNotBlank();
  }

  @Test
  public void windowsAreUsableWhateverWasSeen() {
    List<IntFunction<Duration>> patterns =
        List.of(
            time -> Duration.ZERO,
            time -> Duration.ofNanos(1),
            time -> Duration.ofDays(4000),
            time -> Duration.ofMinutes(30),
            time -> Duration.ofSeconds((long) time * time % 100_000));
    for (IntFunction<Duration> pattern : patterns) {
      for (Windows windows : watch(createPolicy().keepAlive(), pattern)) {
        assertThat(windows.preWarm()).isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(windows.keepAlive()).isPositive();
        assertThat(windows.reason()).isNotBlank();
      }
    }
  }

  @Test
  public void sameTimesAreAnsweredTheSame() {
    IntFunction<Duration> pattern = time -> Duration.ofSeconds((long) time * 7919 % 20_000);

    assertThat(watch(createPolicy().keepAlive(), pattern))
        .isEqualTo(watch(createPolicy().keepAlive(), pattern));
  }

  @Test
  public void applicationsDoNotInfluenceOneAnother() {
    KeepAlivePolicy policy = createPolicy();
    KeepAlive one = policy.keepAlive();
    Windows before = one.windows();

    watch(policy.keepAlive(), time -> Duration.ofMinutes(45));

    assertThat(one.windows()).isEqualTo(before);
  }

  /** A call that comes with great regularity finds a worker, or nothing is kept for it in vain. */
  @Test
  public void regularCallIsAwaitedOrNotReckonedWith() {
    KeepAlive keepAlive = createPolicy().keepAlive();
    Duration idle = Duration.ofSeconds(1830);
    List<Windows> windows = watch(keepAlive, time -> idle);
    Windows last = windows.get(windows.size() - 1);

    Duration end = last.preWarm().plus(last.keepAlive());
    assertThat(last.preWarm().compareTo(idle) > 0)
        .as("pre-warmed after the call that is awaited: %s", last)
        .isFalse();
    if (!last.preWarm().isZero()) {
      assertThat(end).isGreaterThan(idle);
    }
  }

  private static List<Windows> watch(KeepAlive keepAlive, IntFunction<Duration> pattern) {
    List<Windows> answers = new ArrayList<>();
    for (int time = 0; time < TIMES; time++) {
      keepAlive.onIdleEnded(pattern.apply(time));
      answers.add(keepAlive.windows());
    }
    return answers;
  }
}
