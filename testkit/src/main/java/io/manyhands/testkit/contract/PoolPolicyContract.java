/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.policy.PoolPolicy;
import io.manyhands.spi.policy.PoolPolicy.Demand;
import io.manyhands.spi.policy.PoolPolicy.Size;
import io.manyhands.spi.policy.PoolPolicy.Sizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

/** What every {@link PoolPolicy} keeps to. Extend it in a test of yours. */
public abstract class PoolPolicyContract {
  private static final WorkerStack STACK = WorkerStack.of("any", "1");
  private static final int CONFIGURED = 2;
  private static final int DAY = 8640;

  /** A new instance of the policy, as a Runtime would make it. */
  protected abstract PoolPolicy createPolicy();

  @Test
  public void sizeIsNeverBelowWhatIsConfiguredAndHasAReason() {
    for (Size size : play(createPolicy().sizer(), DAY, step -> step % 17, step -> step % 5)) {
      assertThat(size.placeholders()).isGreaterThanOrEqualTo(CONFIGURED);
      assertThat(size.reason()).isNotBlank();
    }
  }

  @Test
  public void sizeDoesNotGrowWithoutEnd() {
    List<Size> sizes = play(createPolicy().sizer(), DAY, step -> 5, step -> 5);

    assertThat(sizes.get(DAY - 1)).isEqualTo(sizes.get(DAY / 2));
  }

  @Test
  public void sameDemandsAreDecidedTheSame() {
    assertThat(play(createPolicy().sizer(), 1000, step -> step % 13, step -> step % 3))
        .isEqualTo(play(createPolicy().sizer(), 1000, step -> step % 13, step -> step % 3));
  }

  @Test
  public void stacksDoNotInfluenceOneAnother() {
    PoolPolicy policy = createPolicy();
    List<Size> alone = play(createPolicy().sizer(), 100, step -> 1, step -> 0);
    Sizer quiet = policy.sizer();

    play(policy.sizer(), 100, step -> 50, step -> 50);

    assertThat(play(quiet, 100, step -> 1, step -> 0)).isEqualTo(alone);
  }

  @Test
  public void poolThatNobodyAsksOfIsAsConfiguredInTheEnd() {
    List<Size> sizes =
        play(createPolicy().sizer(), DAY, step -> step < 60 ? 9 : 0, step -> step < 60 ? 4 : 0);

    assertThat(sizes.get(DAY - 1).placeholders()).isEqualTo(CONFIGURED);
  }

  private static List<Size> play(
      Sizer sizer, int steps, IntToLongFunction claims, IntToLongFunction misses) {
    List<Size> sizes = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      sizes.add(
          sizer.decide(
              new Demand(
                  STACK,
                  Duration.ofSeconds(10L * step).toNanos(),
                  CONFIGURED,
                  claims.applyAsLong(step),
                  misses.applyAsLong(step))));
    }
    return sizes;
  }
}
