/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.reconnect;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.benchmarks.harness.ChildJvm;
import io.manyhands.benchmarks.harness.LightRuntime;
import io.manyhands.benchmarks.harness.Pairs;
import io.manyhands.benchmarks.harness.Part;
import io.manyhands.benchmarks.harness.Row;
import io.manyhands.benchmarks.harness.Scale;
import io.manyhands.benchmarks.harness.Table;
import io.manyhands.benchmarks.harness.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** How soon workers that lost their stream or their Runtime take calls again. */
public final class ReconnectPart implements Part {
  private static final int MANY = 1_000;
  private static final int VERY_MANY = 10_000;
  private static final int RESTARTS = 5;

  /** Descriptors that a process needs beside one for each worker. */
  private static final int OTHER_FILES = 500;

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration SETTLING = Duration.ofMinutes(10);

  /** What a Runtime that was started anew tells: milliseconds, and workers. */
  private record Restart(
      double p50, double p99, double last, double started, double processor, int takenOver) {
    static Restart parse(String line) {
      String[] words = line.split(" ");
      return new Restart(
          Double.parseDouble(words[0]),
          Double.parseDouble(words[1]),
          Double.parseDouble(words[2]),
          Double.parseDouble(words[3]),
          Double.parseDouble(words[4]),
          Integer.parseInt(words[5]));
    }
  }

  @Override
  public String name() {
    return "reconnect";
  }

  @Override
  public void run(Scale scale, Consumer<Table> tables) throws Exception {
    tables.accept(oneWorker(scale));
    tables.accept(
        restarts(
            scale.number(MANY, 300),
            scale.pairs(RESTARTS),
            scale.suffix(),
            PATIENCE,
            Target.atMost(1_000)));
    int most = Math.min(scale.number(VERY_MANY, 2_000), files() - OTHER_FILES);
    Table settled = restarts(most, 1, scale.suffix(), SETTLING, Target.none());
    tables.accept(
        scale != Scale.WHOLE || most == VERY_MANY
            ? settled
            : new Table(
                settled.title(),
                "",
                settled.rows(),
                List.of("ulimit -n allows no more than " + files() + " files a process.")));
  }

  /** Nothing is asked of the handle of its listener but to be closed. */
  @SuppressWarnings("try")
  private static Table oneWorker(Scale scale) throws Exception {
    int breaks = scale.number(50, 15);
    List<Double> millis = new ArrayList<>();
    try (LightRuntime light =
            LightRuntime.withoutWorkers(options -> options.directCompletion(true));
        ChildJvm workers =
            ChildJvm.start(
                LinkWorkersMain.class,
                List.of("-Xmx64m", "-XX:+UseSerialGC"),
                light.endpoint("grpc").getHost(),
                Integer.toString(light.endpoint("grpc").getPort()))) {
      String worker = light.expect(1).get(0);
      workers.say(worker);
      ApplicationId id = ApplicationId.of("dropped");
      light.start(id, 100);
      light.call(id);
      for (int index = 0; index < breaks; index++) {
        CountDownLatch noticed = new CountDownLatch(1);
        try (AutoCloseable listener =
            light
                .runtime()
                .workers()
                .addListener(
                    (info, before) -> {
                      if (info.state() == WorkerState.DISCONNECTED) {
                        noticed.countDown();
                      }
                    })) {
          long begin = System.nanoTime();
          workers.say("drop " + worker);
          if (!noticed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("the loss of a stream went unnoticed");
          }
          light.call(id);
          millis.add((System.nanoTime() - begin) / 1e6);
        }
      }
    }
    String spread = Pairs.range("%.1f", millis);
    return new Table(
        "One worker loses its connection",
        "",
        List.of(
            Row.absolute(
                "reset to the answer of a call, median of " + breaks + scale.suffix(),
                "ms",
                Pairs.median(millis),
                Target.atMost(250),
                spread),
            Row.absolute(
                "reset to the answer of a call, slowest" + scale.suffix(),
                "ms",
                millis.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
                Target.none(),
                spread)),
        List.of(
            "The worker resets its connection and comes back after 12 to 25 ms, as the Java worker"
                + " does."));
  }

  private static Table restarts(
      int count, int restarts, String suffix, Duration patience, Target target) throws Exception {
    List<Restart> figures = new ArrayList<>();
    Path state = Files.createTempDirectory("bench-reconnect");
    try {
      String port = Integer.toString(freePort());
      ChildJvm runtime = runtime("first", state, port, count);
      try (ChildJvm workers =
          ChildJvm.start(
              LinkWorkersMain.class, List.of("-Xmx512m", "-XX:+UseSerialGC"), "127.0.0.1", port)) {
        for (int index = 0; index < count; index++) {
          workers.say(runtime.line(patience));
        }
        require("serving", runtime.line(patience));
        for (int restart = 0; restart < restarts; restart++) {
          runtime.kill();
          runtime = runtime("again", state, port, count);
          figures.add(Restart.parse(runtime.line(patience)));
        }
        require("0 refused", refused(workers, patience) + " refused");
      } finally {
        runtime.kill();
      }
    } finally {
      delete(state);
    }
    return table(count, figures, suffix, target);
  }

  private static Table table(int count, List<Restart> figures, String suffix, Target target) {
    List<Row> rows = new ArrayList<>();
    rows.add(row("p50", figures, Restart::p50, suffix, Target.none()));
    rows.add(row("p99", figures, Restart::p99, suffix, target));
    rows.add(row("the last", figures, Restart::last, suffix, Target.none()));
    rows.add(row("the Runtime's start", figures, Restart::started, suffix, Target.none()));
    rows.add(
        row(
            "processor time of the Runtime, its process's start included",
            figures,
            Restart::processor,
            suffix,
            Target.none()));
    for (Restart round : figures) {
      require(count + " taken over", round.takenOver() + " taken over");
    }
    return new Table(
        String.format("The Runtime is killed and started anew, %,d workers, plaintext", count),
        "",
        rows,
        List.of(
            "Each worker is another application's. Counted from the moment when the port listens to"
                + " the answer of an application's first call; restarts: "
                + figures.size()
                + "; every call was answered and every worker taken over, or this would have"
                + " failed."));
  }

  private static Row row(
      String name,
      List<Restart> figures,
      ToDoubleFunction<Restart> figure,
      String suffix,
      Target target) {
    List<Double> values = figures.stream().map(figure::applyAsDouble).toList();
    return Row.absolute(
        name + suffix, "ms", Pairs.median(values), target, Pairs.range("%.0f", values));
  }

  private static ChildJvm runtime(String start, Path state, String port, int count)
      throws IOException {
    return ChildJvm.start(
        StormRuntimeMain.class,
        List.of("-Xmx1g"),
        start,
        state.toString(),
        port,
        Integer.toString(count));
  }

  private static int refused(ChildJvm workers, Duration patience) throws InterruptedException {
    workers.say("tally");
    return Integer.parseInt(workers.line(patience).split(" ")[3]);
  }

  private static void require(String expected, String found) {
    if (!expected.equals(found)) {
      throw new IllegalStateException("found: " + found + " (expected: " + expected + ")");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** How many files a process may open. */
  private static int files() throws IOException {
    String limit =
        Files.readAllLines(Path.of("/proc/self/limits")).stream()
            .filter(line -> line.startsWith("Max open files"))
            .findFirst()
            .orElseThrow()
            .split(" +")[4];
    return limit.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(limit);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
