/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.spi.policy.ScalePolicy;
import io.manyhands.spi.policy.ScalePolicy.Decision;
import io.manyhands.spi.policy.ScalePolicy.Load;
import io.manyhands.spi.policy.ScalePolicy.Scaler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ScalePolicy} keeps to. Extend it in a test of yours. It plays an application
 * whose workers come as soon as they are asked for.
 */
public abstract class ScalePolicyContract {
  private static final int MAXIMUM = 20;
  private static final int SLOTS = 2;
  private static final int HOUR = 3600;

  /** A new instance of the policy, as a Runtime would make it. */
  protected abstract ScalePolicy createPolicy();

  @Test
  public void numberIsWithinTheBoundsAndHasAReason() {
    for (Decision decision : play(createPolicy().scaler(), HOUR, second -> second * 37 % 500)) {
      assertThat(decision.workers()).isBetween(1, MAXIMUM);
      assertThat(decision.reason()).isNotBlank();
    }
  }

  @Test
  public void sameLoadsAreDecidedTheSame() {
    IntUnaryOperator load = second -> second * second % 91;

    assertThat(play(createPolicy().scaler(), HOUR, load))
        .isEqualTo(play(createPolicy().scaler(), HOUR, load));
  }

  @Test
  public void applicationsDoNotInfluenceOneAnother() {
    ScalePolicy policy = createPolicy();
    IntUnaryOperator load = second -> second % 60;
    List<Decision> alone = play(createPolicy().scaler(), 600, load);
    Scaler quiet = policy.scaler();
    Scaler busy = policy.scaler();

    play(busy, 600, second -> 1000);

    assertThat(play(quiet, 600, load)).isEqualTo(alone);
  }

  @Test
  public void steadyLoadEndsInASteadyNumberThatCanBearIt() {
    List<Decision> decisions = play(createPolicy().scaler(), HOUR, second -> 11);

    List<Integer> last =
        decisions.subList(HOUR / 2, HOUR).stream().map(Decision::workers).distinct().toList();
    assertThat(last).hasSize(1);
    assertThat(last.get(0) * SLOTS).isGreaterThanOrEqualTo(11);
  }

  @Test
  public void moreLoadNeverEndsInFewerWorkers() {
    int before = 0;
    for (int calls = 0; calls <= 60; calls += 3) {
      int constant = calls;
      int workers = last(play(createPolicy().scaler(), HOUR, second -> constant)).workers();
      assertThat(workers).isGreaterThanOrEqualTo(before);
      before = workers;
    }
  }

  @Test
  public void withoutLoadOneWorkerIsLeftInTheEnd() {
    Scaler scaler = createPolicy().scaler();
    List<Decision> decisions = play(scaler, HOUR, second -> second < 60 ? 40 : 0);

    assertThat(decisions.get(59).workers()).isEqualTo(MAXIMUM);
    assertThat(last(decisions).workers()).isEqualTo(1);
  }

  @Test
  public void nothingIsTakenAwayInPanic() {
    int before = 1;
    for (Decision decision :
        play(createPolicy().scaler(), HOUR, second -> second % 300 < 20 ? 50 : 0)) {
      if (decision.panic()) {
        assertThat(decision.workers()).isGreaterThanOrEqualTo(before);
      }
      before = decision.workers();
    }
  }

  @Test
  public void callsThatWaitAreAnsweredWithMoreWorkersWithinAMinute() {
    List<Decision> decisions = play(createPolicy().scaler(), 60, second -> 10);

    assertThat(last(decisions).workers()).isGreaterThan(1);
  }

  private static Decision last(List<Decision> decisions) {
    return decisions.get(decisions.size() - 1);
  }

  /** What is decided each second under that many calls. */
  private static List<Decision> play(Scaler scaler, int seconds, IntUnaryOperator calls) {
    List<Decision> decisions = new ArrayList<>();
    int workers = 1;
    for (int second = 0; second < seconds; second++) {
      int all = calls.applyAsInt(second);
      int running = Math.min(all, workers * SLOTS);
      Decision decision =
          scaler.decide(
              new Load(
                  Duration.ofSeconds(second).toNanos(),
                  running,
                  all - running,
                  SLOTS,
                  workers,
                  workers,
                  MAXIMUM));
      decisions.add(decision);
      workers = Math.max(1, Math.min(MAXIMUM, decision.workers()));
    }
    return decisions;
  }
}
