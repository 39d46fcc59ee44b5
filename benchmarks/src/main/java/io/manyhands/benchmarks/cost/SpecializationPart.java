/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.cost;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.benchmarks.harness.LightRuntime;
import io.manyhands.benchmarks.harness.Pairs;
import io.manyhands.benchmarks.harness.Part;
import io.manyhands.benchmarks.harness.Patience;
import io.manyhands.benchmarks.harness.Row;
import io.manyhands.benchmarks.harness.Scale;
import io.manyhands.benchmarks.harness.Table;
import io.manyhands.benchmarks.harness.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** The Runtime's own share of a specialization: with workers that answer at once. */
public final class SpecializationPart implements Part {
  private static final int WARM_UP = 300;
  private static final int SLOTS = 100;
  private static final String OWN = "session.specialization.own";

  @Override
  public String name() {
    return "specialization";
  }

  @Override
  public boolean isForEveryBuild() {
    return false;
  }

  @Override
  public void run(Scale scale, Consumer<Table> tables) throws Exception {
    int count = scale.number(400, 200);
    List<Double> own = new ArrayList<>();
    List<Double> median = new ArrayList<>();
    List<Double> late = new ArrayList<>();
    int warmUp = scale.number(WARM_UP, WARM_UP);
    try (LightRuntime light = runtime(warmUp)) {
      double[] unused = round(light, warmUp);
    }
    for (int round = 0; round < scale.pairs(Scale.PAIRS); round++) {
      try (LightRuntime light = runtime(count)) {
        double[] millis = round(light, count);
        Arrays.sort(millis);
        median.add(millis[count / 2]);
        late.add(millis[count * 99 / 100]);
        own.add(
            Objects.requireNonNull(light.runtime().metrics().timings().get(OWN), OWN).p99Nanos()
                / 1e6);
      }
    }
    String what = ", " + count + " a round" + scale.suffix();
    tables.accept(
        new Table(
            "First call of an application on a placeholder that answers at once",
            "",
            List.of(
                row("the Runtime's own share, p99" + what, own, Target.atMost(5)),
                row("call to answer, p50" + what, median, Target.none()),
                row("call to answer, p99" + what, late, Target.none())),
            List.of(
                "Own share: "
                    + OWN
                    + " of the Runtime's metrics, its time without that of the worker.",
                "Call to answer: assignment, reload, two functions loaded, READY, the queued call"
                    + " sent; three round trips to a light worker included. Each round is another"
                    + " Runtime's, in this warm process.")));
  }

  private static LightRuntime runtime(int count) throws Exception {
    return new LightRuntime(
        options ->
            options
                .directCompletion(true)
                .maximumWorkers(2 * count)
                .maximumJobHosts(2 * count)
                .placeholders(LightRuntime.LIGHT, count),
        256);
  }

  private static Row row(String name, List<Double> values, Target target) {
    return Row.absolute(name, "ms", Pairs.median(values), target, Pairs.range("%.2f", values));
  }

  private static double[] round(LightRuntime light, int count) throws Exception {
    light.connect(count);
    for (int index = 0; index < count; index++) {
      light.start(ApplicationId.of("app" + index), SLOTS);
    }
    Patience.until(
        count + " placeholders",
        () ->
            light.runtime().workers().workers().stream()
                    .filter(worker -> worker.state() == WorkerState.PLACEHOLDER)
                    .count()
                >= count);
    double[] millis = new double[count];
    for (int index = 0; index < count; index++) {
      long begin = System.nanoTime();
      light.call(ApplicationId.of("app" + index));
      millis[index] = (System.nanoTime() - begin) / 1e6;
    }
    return millis;
  }
}
