/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.spi.policy.LoadBalancer;
import io.manyhands.spi.time.Randomness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** What every {@link LoadBalancer} must do. Extend it, make yours, and run it with JUnit. */
public abstract class LoadBalancerContract {
  private static final int ROUNDS = 2_000;
  private static final int NONE = -1;

  /** The one under test. */
  protected abstract LoadBalancer createBalancer();

  @Test
  public void picksNoneOfNoWorkers() {
    assertThat(picker(1).pick(loads())).isEqualTo(NONE);
  }

  @Test
  public void picksNoneWhereNoneHasAFreeSlot() {
    for (int size = 1; size < 20; size++) {
      assertThat(picker(size).pick(loads(new int[size]))).isEqualTo(NONE);
    }
  }

  @Test
  public void findsTheOnlyWorkerWithAFreeSlot() {
    for (int size = 1; size < 50; size++) {
      LoadBalancer.Picker picker = picker(size);
      for (int free = 0; free < size; free++) {
        int[] slots = new int[size];
        slots[free] = 1;
        assertThat(picker.pick(loads(slots))).isEqualTo(free);
      }
    }
  }

  @Test
  public void picksAWorkerWithAFreeSlotWhateverTheLoads() {
    SplittableRandom random = new SplittableRandom(1);
    LoadBalancer.Picker picker = picker(1);
    for (int round = 0; round < ROUNDS; round++) {
      // Over its slots, as after a change of its limits, a worker has fewer than none.
      int[] slots = random.ints(1 + random.nextInt(20), -2, 3).toArray();
      int index = picker.pick(loads(slots));
      if (Arrays.stream(slots).allMatch(free -> free <= 0)) {
        assertThat(index).isEqualTo(NONE);
      } else {
        assertThat(index).isBetween(0, slots.length - 1);
        assertThat(slots[index]).isPositive();
      }
    }
  }

  @Test
  public void workersComeAndGoBetweenPicks() {
    LoadBalancer.Picker picker = picker(1);
    for (int size : new int[] {50, 1, 0, 3, 200, 2, 1}) {
      int[] slots = new int[size];
      Arrays.fill(slots, 1);
      for (int round = 0; round < 50; round++) {
        assertThat(picker.pick(loads(slots))).isBetween(size == 0 ? NONE : 0, size - 1);
      }
    }
  }

  @Test
  public void picksTheSameFromTheSameSeed() {
    assertThat(picks(picker(7))).isEqualTo(picks(picker(7)));
  }

  @Test
  public void picksFromManyThreadsAtOnce() throws Exception {
    int threads = 4;
    LoadBalancer.Picker picker = picker(1);
    AtomicIntegerArray taken = new AtomicIntegerArray(8);
    CyclicBarrier together = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<CompletableFuture<Void>> runs = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        runs.add(
            CompletableFuture.runAsync(
                () -> {
                  try {
                    together.await(60, TimeUnit.SECONDS);
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                  for (int round = 0; round < ROUNDS; round++) {
                    int index = picker.pick(new Shared(taken));
                    assertThat(index).isBetween(0, taken.length() - 1);
                    taken.incrementAndGet(index);
                  }
                },
                pool));
      }
      CompletableFuture.allOf(runs.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    } finally {
      pool.shutdownNow();
    }
  }

  private LoadBalancer.Picker picker(long seed) {
    return createBalancer().picker(new Seeded(new SplittableRandom(seed)));
  }

  private static List<Integer> picks(LoadBalancer.Picker picker) {
    List<Integer> picks = new ArrayList<>();
    for (int round = 0; round < 100; round++) {
      picks.add(picker.pick(loads(3, 3, 3, 3, 3, 3)));
    }
    return picks;
  }

  /** Of workers of 10 slots. */
  private static LoadBalancer.Loads loads(int... free) {
    return new LoadBalancer.Loads() {
      @Override
      public int size() {
        return free.length;
      }

      @Override
      public int inFlight(int index) {
        return 10 - free[index];
      }

      @Override
      public int free(int index) {
        return free[index];
      }
    };
  }

  private record Shared(AtomicIntegerArray taken) implements LoadBalancer.Loads {
    @Override
    public int size() {
      return taken.length();
    }

    @Override
    public int inFlight(int index) {
      return taken.get(index);
    }

    @Override
    public int free(int index) {
      return Integer.MAX_VALUE - taken.get(index);
    }
  }

  private record Seeded(SplittableRandom random) implements Randomness {
    @Override
    public synchronized long nextLong() {
      return random.nextLong();
    }

    @Override
    public synchronized int nextInt(int bound) {
      return random.nextInt(bound);
    }
  }
}
