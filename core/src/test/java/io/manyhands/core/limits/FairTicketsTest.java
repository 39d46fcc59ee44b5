/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FairTicketsTest {
  private final Map<String, Integer> weights = new HashMap<>();
  private final FairTickets<String> tickets =
      new FairTickets<>(owner -> weights.getOrDefault(owner, 1));
  private final TreeMap<FairTickets.Ticket, String> waiting = new TreeMap<>();
  private final Map<String, Integer> served = new HashMap<>();

  @Test
  void whoAsksOnceIsServedSecondHoweverMuchAnotherHasAskedFor() {
    ask("greedy", 10_000);
    serve(10);
    ask("modest", 1);
    serve(2);

    assertThat(served).containsEntry("modest", 1);
  }

  @Test
  void thoseOfEqualWeightThatAlwaysWaitAreServedAlike() {
    ask("a", 1000);
    ask("b", 10);
    ask("c", 500);
    for (int round = 0; round < 300; round++) {
      serve(1);
      ask("b", 1);
    }

    assertThat(served.get("a")).isBetween(99, 101);
    assertThat(served.get("b")).isBetween(99, 101);
    assertThat(served.get("c")).isBetween(99, 101);
  }

  @Test
  void sharesFollowTheWeights() {
    weights.put("a", 3);
    weights.put("b", 2);
    ask("a", 1000);
    ask("b", 1000);
    ask("c", 1000);
    serve(600);

    assertThat(served.get("a")).isBetween(299, 301);
    assertThat(served.get("b")).isBetween(199, 201);
    assertThat(served.get("c")).isBetween(99, 101);
  }

  @Test
  void whoWasIdleHasSavedUpNothing() {
    ask("a", 1);
    serve(1);
    ask("b", 1000);
    serve(500);
    ask("a", 1000);
    served.clear();
    serve(100);

    assertThat(served.get("a")).isBetween(49, 51);
    assertThat(served.get("b")).isBetween(49, 51);
  }

  @Test
  void ticketThatIsGivenBackCostsNothing() {
    ask("b", 3);
    for (int round = 0; round < 100; round++) {
      FairTickets.Ticket drawn = tickets.draw("a");
      tickets.giveBack("a", drawn);
    }
    ask("a", 1);
    serve(2);

    assertThat(served).containsEntry("a", 1);
  }

  @Test
  void ofOneOwnerTheFirstIsFirst() {
    FairTickets.Ticket first = tickets.draw("a");
    FairTickets.Ticket second = tickets.draw("a");

    assertThat(first).isLessThan(second);
  }

  private void ask(String owner, int times) {
    for (int time = 0; time < times; time++) {
      waiting.put(tickets.draw(owner), owner);
    }
  }

  private void serve(int times) {
    for (int time = 0; time < times; time++) {
      Map.Entry<FairTickets.Ticket, String> next = waiting.pollFirstEntry();
      tickets.served(next.getKey());
      served.merge(next.getValue(), 1, Integer::sum);
    }
  }
}
