/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.core.routing.PowerOfTwoLoadBalancer;
import io.manyhands.spi.policy.LoadBalancer;
import io.manyhands.spi.policy.LoadBalancer.Picker;
import io.manyhands.spi.time.Randomness;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract itself: it passes what is sound, and sees each mistake where it says so. */
final class LoadBalancerContractTest {
  private static volatile Flaw flaw = Flaw.NONE;

  /** Mistakes that balancers make. */
  enum Flaw {
    NONE(""),
    PICKS_THE_FIRST_OF_NONE("picksNoneOfNoWorkers"),
    IGNORES_SLOTS("picksNoneWhereNoneHasAFreeSlot"),
    LOOKS_AT_ONE_ONLY("findsTheOnlyWorkerWithAFreeSlot"),
    TAKES_LESS_THAN_NONE_FOR_SOME("picksAWorkerWithAFreeSlotWhateverTheLoads"),
    KEEPS_THE_FIRST_SIZE("workersComeAndGoBetweenPicks"),
    ROLLS_DICE_OF_ITS_OWN("picksTheSameFromTheSameSeed"),
    SERVES_ONE_THREAD("picksFromManyThreadsAtOnce");

    private final String seenBy;

    Flaw(String seenBy) {
      this.seenBy = seenBy;
    }

    Picker picker(Randomness random) {
      return switch (this) {
        case NONE -> new PowerOfTwoLoadBalancer().picker(random);
        case PICKS_THE_FIRST_OF_NONE -> loads -> 0;
        case IGNORES_SLOTS -> loads -> loads.size() - 1;
        case LOOKS_AT_ONE_ONLY -> one(random);
        case TAKES_LESS_THAN_NONE_FOR_SOME -> notZero();
        case KEEPS_THE_FIRST_SIZE -> sizeOnce(random);
        case ROLLS_DICE_OF_ITS_OWN -> loads -> ThreadLocalRandom.current().nextInt(loads.size());
        case SERVES_ONE_THREAD -> notTogether();
      };
    }

    private static Picker one(Randomness random) {
      return loads -> {
        int index = random.nextInt(loads.size());
        return loads.free(index) > 0 ? index : -1;
      };
    }

    private static Picker notZero() {
      return loads -> {
        for (int index = 0; index < loads.size(); index++) {
          if (loads.free(index) != 0) {
            return index;
          }
        }
        return -1;
      };
    }

    private static Picker sizeOnce(Randomness random) {
      AtomicInteger size = new AtomicInteger(-1);
      return loads -> {
        size.compareAndSet(-1, loads.size());
        return size.get() == 0 ? -1 : random.nextInt(size.get());
      };
    }

    private static Picker notTogether() {
      AtomicReference<Thread> only = new AtomicReference<>();
      return loads -> {
        Thread current = Thread.currentThread();
        Thread first = only.compareAndExchange(null, current);
        return first == null || first == current ? 0 : -1;
      };
    }
  }

  /** Run by the engine inside these tests alone. */
  static final class Subject extends LoadBalancerContract {
    @Override
    protected LoadBalancer createBalancer() {
      return flaw::picker;
    }
  }

  @Test
  void soundBalancerPasses() {
    flaw = Flaw.NONE;

    ContractRun run = ContractRun.of(Subject.class);

    assertThat(run.failed()).isEmpty();
    assertThat(run.passed()).hasSize(7);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void flawIsSeenByItsTest(Flaw planted) {
    flaw = planted;

    ContractRun run = ContractRun.of(Subject.class, planted.seenBy);

    assertThat(run.failed()).containsExactly(planted.seenBy);
  }
}
