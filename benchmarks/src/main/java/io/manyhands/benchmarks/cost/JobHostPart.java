/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.cost;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.benchmarks.harness.Heap;
import io.manyhands.benchmarks.harness.LightRuntime;
import io.manyhands.benchmarks.harness.Pairs;
import io.manyhands.benchmarks.harness.Part;
import io.manyhands.benchmarks.harness.Row;
import io.manyhands.benchmarks.harness.Scale;
import io.manyhands.benchmarks.harness.Table;
import io.manyhands.benchmarks.harness.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** How long it takes to create a JobHost whose catalogue is known, and what an idle one keeps. */
public final class JobHostPart implements Part {
  private static final int WARM_UP = 300;
  private static final int SLOTS = 100;

  @Override
  public String name() {
    return "jobhost";
  }

  @Override
  public void run(Scale scale, Consumer<Table> tables) throws Exception {
    int count = scale.number(1_000, 300);
    List<Double> median = new ArrayList<>();
    List<Double> late = new ArrayList<>();
    List<Double> kilobytes = new ArrayList<>();
    try (LightRuntime light =
        LightRuntime.withoutWorkers(options -> options.maximumJobHosts(2 * count + WARM_UP))) {
      double[] unused = create(light, "warm", scale.number(WARM_UP, WARM_UP));
      for (int round = 0; round < scale.pairs(Scale.PAIRS); round++) {
        long before = Heap.used();
        double[] millis = create(light, "round" + round + "-", count);
        kilobytes.add((Heap.used() - before) / 1024.0 / count);
        Arrays.sort(millis);
        median.add(millis[count / 2]);
        late.add(millis[count * 99 / 100]);
        stop(light, "round" + round + "-", count);
      }
    }
    String what = ", " + count + " a round" + scale.suffix();
    tables.accept(
        new Table(
            "JobHost of two functions, known catalogue",
            "",
            List.of(
                row("creation p50" + what, "ms", median, Target.none()),
                row("creation p99" + what, "ms", late, Target.atMost(10)),
                row("heap of an idle one" + what, "KB", kilobytes, Target.atMost(50))),
            List.of(
                "Creation: from the call of JobHostManager.start to RUNNING, one after another, the"
                    + " HTTP trigger's routes included; the HTTP server and the gRPC listener run.",
                "Heap: what is alive after collections, before and after a round's creations.")));
  }

  private static Row row(String name, String unit, List<Double> values, Target target) {
    return Row.absolute(name, unit, Pairs.median(values), target, Pairs.range("%.2f", values));
  }

  private static double[] create(LightRuntime light, String prefix, int count) throws Exception {
    double[] millis = new double[count];
    for (int index = 0; index < count; index++) {
      long begin = System.nanoTime();
      light.start(ApplicationId.of(prefix + index), SLOTS);
      millis[index] = (System.nanoTime() - begin) / 1e6;
    }
    return millis;
  }

  private static void stop(LightRuntime light, String prefix, int count) throws Exception {
    for (int index = 0; index < count; index++) {
      light
          .runtime()
          .jobHosts()
          .stop(ApplicationId.of(prefix + index), Duration.ZERO)
          .get(60, TimeUnit.SECONDS);
    }
  }
}
