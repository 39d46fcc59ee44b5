/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.routing;

import io.manyhands.benchmarks.harness.Pairs;
import io.manyhands.benchmarks.harness.Row;
import io.manyhands.benchmarks.harness.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Some subjects at one load, in interleaved rounds; the first is the baseline. */
final class Comparison {
  private final List<Subject> subjects;
  private final List<Subject.Caller> callers;
  private final int inFlight;
  private final String suffix;
  private final List<List<Sample>> samples = new ArrayList<>();

  Comparison(List<Subject> subjects, int bodyBytes, int inFlight, String suffix) {
    this.subjects = subjects;
    this.callers = subjects.stream().map(subject -> subject.caller(bodyBytes)).toList();
    this.inFlight = inFlight;
    this.suffix = suffix;
    subjects.forEach(subject -> samples.add(new ArrayList<>()));
  }

  void warmUp(Duration each) throws InterruptedException {
    for (Subject.Caller caller : callers) {
      Sample.take(caller, inFlight, each);
    }
  }

  /** In turns, each pair in the other order, so that a drift favours nobody. */
  void measure(int pairs, Duration round) throws InterruptedException {
    for (int pair = 0; pair < pairs; pair++) {
      for (int step = 0; step < callers.size(); step++) {
        int index = pair % 2 == 0 ? step : callers.size() - 1 - step;
        samples.get(index).add(Sample.take(callers.get(index), inFlight, round));
      }
    }
  }

  Row row(int subject, String what, String unit, ToDoubleFunction<Sample> figure, Target target) {
    return pairs(subject, figure).row(named(subject, what), unit, target);
  }

  /** What a subject's figure is more than the baseline's. */
  Row beyond(
      int subject, String what, String unit, ToDoubleFunction<Sample> figure, Target target) {
    return pairs(subject, figure).beyond(named(subject, what), unit, target);
  }

  private Pairs pairs(int subject, ToDoubleFunction<Sample> figure) {
    Pairs pairs = new Pairs();
    for (int pair = 0; pair < samples.get(0).size(); pair++) {
      pairs.add(
          figure.applyAsDouble(samples.get(subject).get(pair)),
          figure.applyAsDouble(samples.get(0).get(pair)));
    }
    return pairs;
  }

  private String named(int subject, String what) {
    return subjects.get(subject).name() + ", " + inFlight + " in flight: " + what + suffix;
  }
}
