/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.routing;

import io.manyhands.benchmarks.harness.Pairs;
import io.manyhands.benchmarks.harness.Part;
import io.manyhands.benchmarks.harness.Scale;
import io.manyhands.benchmarks.harness.Table;
import io.manyhands.benchmarks.harness.Target;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * The HTTP trigger end to end, beside the same HTTP library answering by itself and a raw stream,
 * one after the other.
 */
public final class HttpPart implements Part {
  private static final int KILOBYTE = 1024;
  private static final int PAIRS = 21;
  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final Duration WARM_UP = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "http";
  }

  @Override
  public void run(Scale scale, Consumer<Table> tables) throws Exception {
    Pairs p50 = new Pairs();
    Pairs p99 = new Pairs();
    try (Subject raw = new RawStream(1);
        Subject http = new RawHttp();
        Subject trigger = new ThroughHttp()) {
      List<Subject.Caller> callers =
          List.of(trigger.caller(KILOBYTE), http.caller(KILOBYTE), raw.caller(KILOBYTE));
      for (Subject.Caller caller : callers) {
        Sample.take(caller, 1, scale.warmUp(WARM_UP));
      }
      for (int pair = 0; pair < scale.pairs(PAIRS); pair++) {
        Sample[] samples = new Sample[callers.size()];
        for (int step = 0; step < samples.length; step++) {
          int index = pair % 2 == 0 ? step : samples.length - 1 - step;
          samples[index] = Sample.take(callers.get(index), 1, scale.round(ROUND));
        }
        add(p50, samples, Sample::p50Micros);
        add(p99, samples, Sample::p99Micros);
      }
    }
    tables.accept(
        new Table(
            "HTTP, 1 KB there and back, 1 in flight",
            "both raw",
            List.of(
                p50.row("p50" + scale.suffix(), "us", Target.atMost(1.3)),
                p99.row("p99" + scale.suffix(), "us", Target.none())),
            List.of(
                "HTTP trigger: a request to the Runtime's server, through to a light worker and"
                    + " back.",
                "Both raw: the sum of a request to a Jetty server that sends the body back, and of"
                    + " a raw stream's call.",
                "Client: a blocking socket with a connection kept open, which parses as little as"
                    + " it may.")));
  }

  private static void add(Pairs pairs, Sample[] samples, ToDoubleFunction<Sample> figure) {
    pairs.add(
        figure.applyAsDouble(samples[0]),
        figure.applyAsDouble(samples[1]) + figure.applyAsDouble(samples[2]));
  }
}
