/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.opentest4j.AssertionFailedError;

/**
 * Call applications over HTTP, each caller one call after another, until they are told to stop, and
 * know of each call how it ended.
 */
final class Callers implements AutoCloseable {
  /** Beyond the deadline: what a busy machine may add before it counts as never. */
  private static final Duration GRACE = Duration.ofSeconds(6);

  /** A call without an answer: its connection broke. */
  static final int BROKEN = -1;

  /** How a call ended. */
  record Outcome(String application, String id, int status, String body, Duration took) {}

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong numbers = new AtomicLong();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final URI base;

  Callers(URI base) {
    this.base = base;
  }

  /** Starts callers of an application, whose calls take up to so long. */
  void call(String application, int callers, int millis, long seed) {
    for (int index = 0; index < callers; index++) {
      Random random = new Random(seed + index);
      threads.execute(
          () -> {
            try {
              while (stopped.getCount() > 0) {
                outcomes.add(once(application, random.nextInt(millis + 1)));
              }
            } catch (InterruptedException | RuntimeException e) {
              failures.add(e);
            }
          });
    }
  }

  /** One call, and how it ended. */
  Outcome once(String application, int millis) throws InterruptedException {
    String id = application + "-" + numbers.incrementAndGet();
    HttpRequest request =
        HttpRequest.newBuilder(
                base.resolve(
                    "/apps/%s/api/note?id=%s&millis=%d".formatted(application, id, millis)))
            // Not a GET, which the client would send again where a connection breaks.
            .POST(HttpRequest.BodyPublishers.noBody())
            .timeout(ChaosApps.DEADLINE.plus(GRACE))
            .build();
    long begin = System.nanoTime();
    int status;
    String body = "";
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      status = response.statusCode();
      body = response.body();
    } catch (java.net.http.HttpTimeoutException e) {
      throw new AssertionFailedError(
          id + ": no answer within " + ChaosApps.DEADLINE + " and " + GRACE, e);
    } catch (IOException e) {
      status = BROKEN;
      // Who finds nobody there does not ask again at once.
      boolean unused = stopped.await(20, TimeUnit.MILLISECONDS);
    }
    return new Outcome(application, id, status, body, Duration.ofNanos(System.nanoTime() - begin));
  }

  /** How many calls of an application have ended well so far. */
  long good(String application) {
    return outcomes.stream()
        .filter(outcome -> outcome.application().equals(application) && outcome.status() == 200)
        .count();
  }

  /** Ends all callers and waits for their last calls. */
  List<Outcome> stop() throws InterruptedException {
    stopped.countDown();
    threads.shutdown();
    assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).as("callers ended").isTrue();
    assertThat(failures).isEmpty();
    return new ArrayList<>(outcomes);
  }

  /** What was answered must be true of what has run. */
  static void assertHonest(Collection<Outcome> outcomes, Path notes) throws IOException {
    for (Outcome outcome : outcomes) {
      Path file = notes.resolve(outcome.id());
      long runs = Files.exists(file) ? Files.readAllLines(file).size() : 0;
      switch (outcome.status()) {
        case 200 -> {
          assertThat(outcome.body()).isEqualTo("noted " + outcome.id());
          assertThat(runs).as("runs of %s", outcome).isOne();
        }
        case 502, 504, BROKEN -> assertThat(runs).as("runs of %s", outcome).isLessThan(2);
        case 503 -> assertThat(runs).as("runs of %s", outcome).isZero();
        default -> throw new AssertionError("unexpected: " + outcome);
      }
    }
  }

  static Map<String, Map<Integer, Long>> summary(Collection<Outcome> outcomes) {
    Map<String, Map<Integer, Long>> summary = new TreeMap<>();
    for (Outcome outcome : outcomes) {
      summary
          .computeIfAbsent(outcome.application(), key -> new TreeMap<>())
          .merge(outcome.status(), 1L, Long::sum);
    }
    return summary;
  }

  @Override
  public void close() {
    stopped.countDown();
    threads.shutdownNow();
  }
}
