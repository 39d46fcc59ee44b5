/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.limits;

import static io.manyhands.core.races.Interleavings.explore;
import static io.manyhands.core.races.Interleavings.require;

import io.manyhands.api.app.CallLimits;
import io.manyhands.core.races.Interleavings.Race;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** Permits, rate and memory, in many orders of threads. */
class LimitsRaceTest {
  private static final LongAdder REFUSED = new LongAdder();

  /** A scope that calls enter and leave. */
  public abstract static class Limited extends Race {
    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean crowded;

    abstract int most();

    final boolean pass(CallDoor door, CallScope scope) {
      if (door.tryEnter(scope, 1, 0) != null) {
        return false;
      }
      if (inside.incrementAndGet() > most()) {
        crowded = true;
      }
      inside.decrementAndGet();
      door.leave(scope, 1);
      return true;
    }

    final void requireNeverCrowded() {
      require(!crowded, "never more inside than may be");
    }

    static CallScope scope(CallLimits limits) {
      return new CallScope("scope", limits, REFUSED, 0);
    }
  }

  @Test
  void noMoreCallsAreInsideThanMayBeAndNoPermitIsLost() {
    explore(Permits.class, "one", "other", "third");
  }

  /** Three calls, one permit of the function, two of the tenant. */
  public static class Permits extends Limited {
    private final CallScope function = scope(CallLimits.none().withConcurrency(1));
    private final CallScope application = scope(CallLimits.none());
    private final CallScope tenant = scope(CallLimits.none().withConcurrency(2));
    private final ByteBudget memory = new ByteBudget(2);
    private final CallDoor door =
        new CallDoor(name -> function, application, tenant, memory, REFUSED, () -> {});
    private final AtomicInteger passed = new AtomicInteger();

    @Override
    int most() {
      return 1;
    }

    public void one() {
      count();
    }

    public void other() {
      count();
    }

    public void third() {
      count();
    }

    private void count() {
      if (pass(door, function)) {
        passed.incrementAndGet();
      }
    }

    @Override
    protected void check() {
      requireNeverCrowded();
      require(passed.get() >= 1, "not all are refused");
      require(
          function.calls() == 0 && application.calls() == 0 && tenant.calls() == 0,
          "all permits are back");
      require(memory.held() == 0, "all memory is back");
      require(pass(door, function), "the permit can be had again");
    }
  }

  @Test
  void memoryIsNeverOverItsBoundAndComesBack() {
    explore(Memory.class, "one", "other", "third");
  }

  /** Memory for two of three. */
  public static class Memory extends Limited {
    private final CallScope application = scope(CallLimits.none());
    private final CallScope tenant = scope(CallLimits.none());
    private final ByteBudget memory = new ByteBudget(2);
    private final CallDoor door =
        new CallDoor(name -> application, application, tenant, memory, REFUSED, () -> {});

    @Override
    int most() {
      return 2;
    }

    public void one() {
      pass(door, null);
    }

    public void other() {
      pass(door, null);
    }

    public void third() {
      pass(door, null);
    }

    @Override
    protected void check() {
      requireNeverCrowded();
      require(memory.held() == 0 && application.calls() == 0 && tenant.calls() == 0, "all is back");
    }
  }

  @Test
  void rateLetsExactlyTheBurstThrough() {
    explore(Rate.class, "one", "other", "third");
  }

  /** Three at one time, two of them may. */
  public static class Rate extends Race {
    private final RateGate gate = new RateGate(1, 2, 0);
    private final AtomicInteger passed = new AtomicInteger();

    public void one() {
      count();
    }

    public void other() {
      count();
    }

    public void third() {
      count();
    }

    private void count() {
      if (gate.tryPass(0) == 0) {
        passed.incrementAndGet();
      }
    }

    @Override
    protected void check() {
      require(passed.get() == 2, "two pass");
      gate.takeBack();
      require(gate.tryPass(0) == 0, "what is taken back can be had");
    }
  }
}
