/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.cost;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.Payload;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The Runtime's own share of a specialization: with workers that answer at once. */
public final class SpecializationPart implements Part {
  private static final int WARM_UP = 300;
  private static final int SLOTS = 100;

  @Override
  public String name() {
    return "specialization";
  }

  @Override
  public void run(Scale scale, Consumer<Table> tables) throws Exception {
    int count = scale.number(400, 200);
    int all = WARM_UP + Scale.PAIRS * count;
    List<Double> median = new ArrayList<>();
    List<Double> late = new ArrayList<>();
    try (LightRuntime light =
        new LightRuntime(
            options ->
                options
                    .directCompletion(true)
                    .maximumWorkers(2 * all)
                    .maximumJobHosts(2 * all)
                    .placeholders(LightRuntime.LIGHT, all),
            512)) {
      round(light, "warm", WARM_UP);
      for (int round = 0; round < Scale.PAIRS; round++) {
        double[] millis = round(light, "round" + round + "-", count);
        Arrays.sort(millis);
        median.add(millis[count / 2]);
        late.add(millis[count * 99 / 100]);
      }
    }
    String what = ", " + count + " a round" + scale.suffix();
    tables.accept(
        new Table(
            "First call of an application on a placeholder that answers at once",
            "",
            List.of(
                row("p50" + what, median, Target.none()),
                row("p99" + what, late, Target.atMost(5))),
            List.of(
                "From the call to its answer: assignment, reload, two functions loaded, READY, the queued call sent;"
                    + " three round trips to a light worker included.")));
  }

  private static Row row(String name, List<Double> values, Target target) {
    return Row.absolute(name, "ms", Pairs.median(values), target, Pairs.range("%.2f", values));
  }

  private static double[] round(LightRuntime light, String prefix, int count) throws Exception {
    light.connect(count);
    for (int index = 0; index < count; index++) {
      light.start(ApplicationId.of(prefix + index), SLOTS);
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
      light
          .runtime()
          .router()
          .invoke(
              Invocation.of(ApplicationId.of(prefix + index), LightRuntime.ECHO, Payload.empty()))
          .get(60, TimeUnit.SECONDS)
          .orThrow();
      millis[index] = (System.nanoTime() - begin) / 1e6;
    }
    return millis;
  }
}
