/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private final Admission admission = new Admission(20_000);
  private final List<String> events = new ArrayList<>();

  @Test
  void closedOneRefusesAndIsDrainedWhenTheLastIsDone() {
    admission.take(turn("a"));
    CompletableFuture<Void> drained = admission.close();
    admission.take(turn("b"));
    assertThat(drained).isNotDone();

    admission.done();

    assertThat(drained).isCompleted();
    assertThat(admission.close()).isCompleted();
    assertThat(events).containsExactly("a runs", "b refused");
  }

  @Test
  void thoseThatWaitForTheirTurnAreRefusedWhenItCloses() {
    admission.limits(limit(1));
    admission.take(turn("a"));
    admission.take(turn("b"));

    admission.close();
    admission.done();

    assertThat(events).containsExactly("a runs", "b refused");
  }

  @Test
  void turnsComeInOrderAndOneAtATime() {
    admission.limits(limit(1));
    List.of("a", "b", "c").forEach(name -> admission.take(turn(name)));
    assertThat(events).containsExactly("a runs");

    admission.done();
    assertThat(events).containsExactly("a runs", "b runs");
    admission.done();
    admission.done();
    admission.take(turn("d"));

    assertThat(events).containsExactly("a runs", "b runs", "c runs", "d runs");
  }

  @Test
  void manyThatAreOverAtOnceDoNotPileUpOnTheStack() {
    admission.limits(limit(1));
    admission.take(turn("first"));
    for (int call = 0; call < 20_000; call++) {
      assertThat(
              admission.take(
                  new Admission.Turn() {
                    @Override
                    public void run() {
                      events.add("ran");
                      admission.done();
                    }

                    @Override
                    public void refused() {}
                  }))
          .isTrue();
    }

    admission.done();

    assertThat(events).hasSize(20_001);
  }

  @Test
  void onlySoManyWait() {
    Admission small = new Admission(1);
    small.limits(limit(1));
    assertThat(small.take(turn("a"))).isTrue();
    assertThat(small.take(turn("b"))).isTrue();
    assertThat(small.take(turn("c"))).isFalse();
  }

  private static HostSection limit(int concurrent) {
    return new HostSection("api", 0, concurrent, Map.of(), Optional.empty());
  }

  private Admission.Turn turn(String name) {
    return new Admission.Turn() {
      @Override
      public void run() {
        events.add(name + " runs");
      }

      @Override
      public void refused() {
        events.add(name + " refused");
      }
    };
  }
}
