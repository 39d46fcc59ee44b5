/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.cost;

import io.manyhands.api.worker.WorkerState;
import io.manyhands.benchmarks.harness.Heap;
import io.manyhands.benchmarks.harness.LightRuntime;
import io.manyhands.benchmarks.harness.Memory;
import io.manyhands.benchmarks.harness.Pairs;
import io.manyhands.benchmarks.harness.Part;
import io.manyhands.benchmarks.harness.Patience;
import io.manyhands.benchmarks.harness.Row;
import io.manyhands.benchmarks.harness.Scale;
import io.manyhands.benchmarks.harness.Table;
import io.manyhands.benchmarks.harness.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What the Runtime keeps for a worker that is connected and has nothing to do. */
public final class WorkerMemoryPart implements Part {
  @Override
  public String name() {
    return "worker-memory";
  }

  @Override
  public boolean isForEveryBuild() {
    return false;
  }

  @Override
  public void run(Scale scale, Consumer<Table> tables) throws Exception {
    int count = scale.number(500, 200);
    List<Double> heap = new ArrayList<>();
    List<Double> direct = new ArrayList<>();
    List<Double> both = new ArrayList<>();
    List<Double> pss = new ArrayList<>();
    try (LightRuntime light =
        new LightRuntime(
            options ->
                options.maximumWorkers(count * 8).placeholders(LightRuntime.LIGHT, count * 8),
            512)) {
      connect(light, count);
      for (int round = 0; round < scale.pairs(Scale.PAIRS); round++) {
        long heapBefore = Heap.used();
        long directBefore = Heap.direct();
        double pssBefore = Memory.ownPssMegabytes();
        connect(light, count);
        heap.add((Heap.used() - heapBefore) / 1024.0 / count);
        direct.add((Heap.direct() - directBefore) / 1024.0 / count);
        both.add(heap.get(round) + direct.get(round));
        pss.add((Memory.ownPssMegabytes() - pssBefore) * 1024 / count);
      }
    }
    String what = ", " + count + " more a round" + scale.suffix();
    tables.accept(
        new Table(
            "A connected idle worker",
            "",
            List.of(
                row("heap" + what, heap, Target.none()),
                row("buffers outside the heap" + what, direct, Target.none()),
                row("memory of the Runtime" + what, both, Target.atMost(60)),
                row("growth of the process (PSS), garbage included" + what, pss, Target.none())),
            List.of(
                "Placeholders over gRPC, a connection each; what is alive after collections, and"
                    + " what Netty holds.")));
  }

  private static Row row(String name, List<Double> values, Target target) {
    return Row.absolute(name, "KB", Pairs.median(values), target, Pairs.range("%.1f", values));
  }

  private static void connect(LightRuntime light, int more) throws Exception {
    long expected = idle(light) + more;
    light.connect(more);
    Patience.until(expected + " placeholders", () -> idle(light) == expected);
  }

  private static long idle(LightRuntime light) {
    return light.runtime().workers().workers().stream()
        .filter(worker -> worker.state() == WorkerState.PLACEHOLDER)
        .count();
  }
}
