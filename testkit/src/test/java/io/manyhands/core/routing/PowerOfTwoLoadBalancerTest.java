/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.spi.policy.LoadBalancer;
import io.manyhands.testkit.VirtualTime;
import io.manyhands.testkit.contract.LoadBalancerContract;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PowerOfTwoLoadBalancerTest extends LoadBalancerContract {
  @Override
  protected LoadBalancer createBalancer() {
    return new PowerOfTwoLoadBalancer();
  }

  @Test
  void loadsStayCloseWhileCallsComeAndNoneEnds() {
    int[] inFlight = new int[20];
    LoadBalancer.Picker picker = createBalancer().picker(new VirtualTime(3).seams().randomness());

    for (int call = 0; call < 20_000; call++) {
      inFlight[picker.pick(of(inFlight))]++;
    }

    // At random alone, the heaviest would be some 70 over the mean of 1,000.
    assertThat(Arrays.stream(inFlight).boxed())
        .allSatisfy(load -> assertThat(load).isBetween(990, 1010));
  }

  @Test
  void lessLoadedOfTwoIsTaken() {
    LoadBalancer.Picker picker = createBalancer().picker(new VirtualTime(3).seams().randomness());

    for (int call = 0; call < 100; call++) {
      assertThat(picker.pick(of(5, 4))).isEqualTo(1);
    }
  }

  private static LoadBalancer.Loads of(int... inFlight) {
    return new LoadBalancer.Loads() {
      @Override
      public int size() {
        return inFlight.length;
      }

      @Override
      public int inFlight(int index) {
        return inFlight[index];
      }

      @Override
      public int free(int index) {
        return Integer.MAX_VALUE - inFlight[index];
      }
    };
  }
}
