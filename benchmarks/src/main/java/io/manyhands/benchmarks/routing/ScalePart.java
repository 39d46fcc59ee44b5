/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.routing;

import com.sun.management.OperatingSystemMXBean;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.benchmarks.harness.ChildJvm;
import io.manyhands.benchmarks.harness.Heap;
import io.manyhands.benchmarks.harness.LightRuntime;
import io.manyhands.benchmarks.harness.Pairs;
import io.manyhands.benchmarks.harness.Part;
import io.manyhands.benchmarks.harness.Patience;
import io.manyhands.benchmarks.harness.Row;
import io.manyhands.benchmarks.harness.Scale;
import io.manyhands.benchmarks.harness.Table;
import io.manyhands.benchmarks.harness.Target;
import io.manyhands.benchmarks.reconnect.LinkWorkersMain;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What a call costs where there are many JobHosts and workers, and what those cost idle. */
public final class ScalePart implements Part {
  private static final int KILOBYTE = 1024;
  private static final int PAIRS = 11;
  private static final int SLOTS = 100;
  private static final int IDLE_SECONDS = 5;
  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final Duration WARM_UP = Duration.ofSeconds(5);

  @Override
  public String name() {
    return "scale";
  }

  @Override
  public boolean isForEveryBuild() {
    return false;
  }

  @Override
  public void run(Scale scale, Consumer<Table> tables) throws Exception {
    int hosts = scale.number(1_000, 200);
    int workers = scale.number(5_000, 1_000);
    long before = Heap.used();
    try (Crowd one = new Crowd(1, 1)) {
      long small = Heap.used() - before;
      try (Crowd many = new Crowd(hosts, workers)) {
        double megabytes = (Heap.used() - before - small) / 1048576.0;
        double idle = idlePercent();
        Subject.Caller alone = one.caller(1);
        Subject.Caller same = many.caller(1);
        Subject.Caller turns = many.caller(hosts);
        List<Subject.Caller> callers = List.of(alone, same, turns);
        for (Subject.Caller caller : callers) {
          Sample.take(caller, 1, scale.warmUp(WARM_UP));
        }
        Pairs sameApp = new Pairs();
        Pairs inTurn = new Pairs();
        for (int pair = 0; pair < scale.pairs(PAIRS); pair++) {
          double[] p50 = new double[callers.size()];
          for (int step = 0; step < p50.length; step++) {
            int index = pair % 2 == 0 ? step : p50.length - 1 - step;
            p50[index] = Sample.take(callers.get(index), 1, scale.round(ROUND)).p50Micros();
          }
          sameApp.add(p50[1], p50[0]);
          inTurn.add(p50[2], p50[0]);
        }
        String suffix = scale.suffix();
        tables.accept(
            new Table(
                String.format(Locale.ROOT, "%,d JobHosts, %,d connected workers", hosts, workers),
                "1 and 1",
                List.of(
                    sameApp.row(
                        "p50 of one application's calls" + suffix, "us", Target.atMost(1.2)),
                    inTurn.row("p50 of calls to each in turn" + suffix, "us", Target.none()),
                    Row.absolute("heap" + suffix, "MB", megabytes, Target.none(), ""),
                    Row.absolute(
                        "processor while idle" + suffix, "% of one", idle, Target.none(), "")),
                List.of(
                    "Light workers with a connection each, in one other process for each side; each"
                        + " application has a worker, the others are placeholders.",
                    "In turn: each call goes over another connection, so the light workers' and the"
                        + " kernel's share grows too.",
                    "Both Runtimes share this process and its heap, so the collector's work is the"
                        + " same for both.")));
      }
    }
  }

  /** Of one processor, while nothing is asked; heartbeats of the workers included. */
  private static double idlePercent() throws InterruptedException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long begin = system.getProcessCpuTime();
    boolean ignored = new CountDownLatch(1).await(IDLE_SECONDS, TimeUnit.SECONDS);
    return (system.getProcessCpuTime() - begin) / 1e7 / IDLE_SECONDS;
  }

  /** A Runtime with applications that have a worker each, and further workers. */
  private static final class Crowd implements AutoCloseable {
    private final LightRuntime light;
    private final ChildJvm process;
    private final List<ApplicationId> applications = new ArrayList<>();

    Crowd(int hosts, int workers) throws Exception {
      light =
          LightRuntime.withoutWorkers(
              options ->
                  options
                      .directCompletion(true)
                      .maximumWorkers(workers + SLOTS)
                      .maximumJobHosts(hosts + SLOTS)
                      .placeholders(LightRuntime.LIGHT, workers - hosts));
      process =
          ChildJvm.start(
              LinkWorkersMain.class,
              List.of("-Xmx512m", "-XX:+UseSerialGC"),
              light.endpoint("grpc").getHost(),
              Integer.toString(light.endpoint("grpc").getPort()));
      light.expect(workers).forEach(process::say);
      Patience.until(workers + " workers", () -> connected() == workers);
      for (int index = 0; index < hosts; index++) {
        ApplicationId id = ApplicationId.of("app" + index);
        light.start(id, SLOTS);
        applications.add(id);
        light.call(id);
      }
    }

    private long connected() {
      return light.runtime().workers().workers().stream()
          .filter(worker -> worker.state() == WorkerState.PLACEHOLDER)
          .count();
    }

    Subject.Caller caller(int ofThem) {
      return new RouterCaller(light.runtime().router(), applications.subList(0, ofThem), KILOBYTE);
    }

    @Override
    public void close() {
      light.close();
      process.close();
    }
  }
}
