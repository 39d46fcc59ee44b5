/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.apps;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.MetricsSnapshot;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.benchmarks.harness.LeanHttpClient;
import io.manyhands.benchmarks.harness.Pairs;
import io.manyhands.benchmarks.harness.Part;
import io.manyhands.benchmarks.harness.Patience;
import io.manyhands.benchmarks.harness.Row;
import io.manyhands.benchmarks.harness.Scale;
import io.manyhands.benchmarks.harness.Table;
import io.manyhands.benchmarks.harness.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The first answer of an application: on a placeholder, against a process that is started. */
public final class ColdStartPart implements Part {
  private static final int PAIRS = 11;
  private static final long PATIENCE_SECONDS = 120;

  @Override
  public String name() {
    return "coldstart";
  }

  @Override
  public boolean isForEveryBuild() {
    return false;
  }

  @Override
  public void run(Scale scale, Consumer<Table> tables) throws Exception {
    var folder = Stack.folder();
    for (Stack stack : Stack.present(folder)) {
      try (FunctionRuntime pooled = AppsRuntime.start(folder.directory(), stack, 1);
          FunctionRuntime cold = AppsRuntime.start(folder.directory(), stack, 0)) {
        Pairs pairs = new Pairs();
        // The first of each warms the Runtime's own code up.
        measure(pooled, stack, "warm", 1);
        measure(cold, stack, "warm", 0);
        for (int pair = 0; pair < scale.number(PAIRS, Scale.PAIRS); pair++) {
          String id = "app" + pair;
          if (pair % 2 == 0) {
            double our = measure(pooled, stack, id, 1);
            pairs.add(our, measure(cold, stack, id, 0));
          } else {
            double their = measure(cold, stack, id, 0);
            pairs.add(measure(pooled, stack, id, 1), their);
          }
        }
        tables.accept(table(scale, stack, pairs, pooled.metrics(), cold.metrics()));
      }
    }
  }

  private static Table table(
      Scale scale, Stack stack, Pairs pairs, MetricsSnapshot pooled, MetricsSnapshot cold) {
    List<Row> rows = new ArrayList<>();
    rows.add(pairs.row("start to first answer" + scale.suffix(), "ms", Target.atMost(0.35)));
    pooled
        .timings()
        .forEach(
            (name, timing) -> {
              MetricsSnapshot.Timing other = cold.timings().get(name);
              if (timing.count() > 0 && other != null && other.count() > 0) {
                rows.add(
                    new Row(
                        "phase " + name + ", p50" + scale.suffix(),
                        timing.p50Nanos() / 1e6,
                        "ms",
                        OptionalDouble.of(other.p50Nanos() / 1e6),
                        Target.none(),
                        ""));
              }
            });
    return new Table(
        stack.language() + " from a placeholder",
        "process start",
        rows,
        List.of(
            "From JobHostManager.start to the answer over HTTP: index, load and call; without a"
                + " placeholder the worker's process start and initialization too. Phases as the"
                + " Runtime's metrics have them."));
  }

  private static double measure(FunctionRuntime runtime, Stack stack, String id, int placeholders)
      throws Exception {
    Patience.until(
        placeholders + " placeholders and no other worker",
        () -> {
          var workers = runtime.workers().workers();
          return workers.size() == placeholders
              && workers.stream().allMatch(one -> one.state() == WorkerState.PLACEHOLDER);
        });
    double millis;
    try (LeanHttpClient client = new LeanHttpClient(AppsRuntime.http(runtime))) {
      byte[] request = client.request(Stack.path(id), new byte[0]);
      long begin = System.nanoTime();
      runtime.jobHosts().start(stack.application(id)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      byte[] unused = client.exchange(request);
      millis = (System.nanoTime() - begin) / 1e6;
    }
    runtime
        .jobHosts()
        .stop(ApplicationId.of(id), Duration.ofSeconds(1))
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return millis;
  }
}
