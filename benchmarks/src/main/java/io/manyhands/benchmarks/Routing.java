/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Warm invocations against a raw stream, in interleaved rounds; a figure is the median of its
 * rounds.
 */
final class Routing {
  static final int BODY_BYTES = 1024;
  private static final int PAIRS = 5;
  private static final int IN_FLIGHT = 64;

  /** One subject's rounds. */
  private record Rounds(List<Double> p50, List<Double> p99, List<Double> perSecond) {
    Rounds() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  private Routing() {}

  static List<Row> run(boolean quick) throws Exception {
    int single = quick ? 3000 : 20_000;
    int many = quick ? 20_000 : 200_000;
    List<Row> rows = new ArrayList<>();
    try (Subject raw = new RawStream();
        Subject direct = new ThroughRouter(true);
        Subject callback = new ThroughRouter(false)) {
      List<Subject> subjects = List.of(raw, direct, callback);
      List<Rounds> rounds = List.of(new Rounds(), new Rounds(), new Rounds());
      for (Subject subject : subjects) {
        latencies(subject, single);
        perSecond(subject, many);
      }
      for (int pair = 0; pair < PAIRS; pair++) {
        for (int index = 0; index < subjects.size(); index++) {
          double[] micros = latencies(subjects.get(index), single);
          rounds.get(index).p50().add(micros[micros.length / 2]);
          rounds.get(index).p99().add(micros[(int) (micros.length * 0.99)]);
          rounds.get(index).perSecond().add(perSecond(subjects.get(index), many));
        }
        System.out.println("round " + (pair + 1) + " of " + PAIRS);
      }
      String suffix = quick ? " (quick)" : "";
      for (int index = 1; index < subjects.size(); index++) {
        String name = subjects.get(index).name();
        boolean target = index == 1;
        rows.add(
            Row.atMost(
                name + ": p50, 1 in flight" + suffix,
                "us",
                median(rounds.get(index).p50()),
                median(rounds.get(0).p50()),
                target ? 1.25 : 0));
        rows.add(
            Row.atMost(
                name + ": p99, 1 in flight" + suffix,
                "us",
                median(rounds.get(index).p99()),
                median(rounds.get(0).p99()),
                target ? 1.5 : 0));
        rows.add(
            Row.atLeast(
                name + ": calls a second, 64 in flight" + suffix,
                "1/s",
                median(rounds.get(index).perSecond()),
                median(rounds.get(0).perSecond()),
                target ? 0.8 : 0));
      }
    }
    return rows;
  }

  /** Microseconds of each call, sorted. */
  private static double[] latencies(Subject subject, int calls) throws InterruptedException {
    double[] micros = new double[calls];
    Semaphore answered = new Semaphore(0);
    for (int call = 0; call < calls; call++) {
      long before = System.nanoTime();
      subject.call(answered::release);
      if (!answered.tryAcquire(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException(subject.name() + ": a call was not answered within 30 s");
      }
      micros[call] = (System.nanoTime() - before) / 1e3;
    }
    Arrays.sort(micros);
    return micros;
  }

  private static double perSecond(Subject subject, int calls) throws InterruptedException {
    Semaphore free = new Semaphore(IN_FLIGHT);
    CountDownLatch done = new CountDownLatch(calls);
    long before = System.nanoTime();
    for (int call = 0; call < calls; call++) {
      if (!free.tryAcquire(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException(subject.name() + ": no answer within 30 s");
      }
      subject.call(
          () -> {
            free.release();
            done.countDown();
          });
    }
    if (!done.await(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          subject.name() + ": " + done.getCount() + " calls were not answered within 30 s");
    }
    return calls / ((System.nanoTime() - before) / 1e9);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
