/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.invocation.ColdStart;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.support.launch.ProcessMemory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** What the demo shows, step by step; each step throws where what it promises does not hold. */
final class Tour {
  private static final int WARM_CALLS = 100;
  private static final int COLD_ATTEMPTS = 3;
  private static final Duration LONG = Duration.ofSeconds(60);

  private final FunctionRuntime runtime;
  private final List<ApplicationDefinition> applications;
  private final Map<String, Integer> placeholders;
  private final Path marks;
  private final URI http;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final Map<String, Row> rows = new LinkedHashMap<>();

  /** One application's line of the summary. */
  private record Row(
      String coldStart,
      double coldMillis,
      double specializedMillis,
      double warmMedianMillis,
      double warmWorstMillis) {}

  Tour(
      FunctionRuntime runtime,
      List<ApplicationDefinition> applications,
      Map<String, Integer> placeholders,
      Path marks) {
    this.runtime = runtime;
    this.applications = applications;
    this.placeholders = placeholders;
    this.marks = marks;
    this.http =
        runtime.endpoints().stream()
            .filter(endpoint -> endpoint.name().equals("http"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no http endpoint"))
            .uri();
  }

  void take() throws Exception {
    say("1. Waiting for the placeholders");
    Patience.until("the pool at its target", LONG, this::poolIsFull);
    workers();
    say(
        "2. Deploying "
            + applications.size()
            + " applications and calling each one cold, while it starts");
    for (ApplicationDefinition application : applications) {
      cold(application);
    }
    say("3. Calling each one " + WARM_CALLS + " times warm, over HTTP");
    for (ApplicationDefinition application : applications) {
      warm(application.id().value());
    }
    workers();
    say("4. Killing the worker of \"orders\" while a call runs in it");
    kill();
    say("5. Waiting for a timer");
    timer();
    summary();
  }

  private void cold(ApplicationDefinition application) throws Exception {
    String id = application.id().value();
    InvocationResult result = firstCall(application);
    // On a busy machine the application may be up before the call has come: that was no cold call.
    for (int attempt = 1;
        result.phases().coldStart() == ColdStart.NONE && attempt < COLD_ATTEMPTS;
        attempt++) {
      System.out.printf("   %-11s was up before its first call: once more%n", id);
      get(runtime.jobHosts().stop(application.id(), Duration.ofSeconds(5)));
      Patience.until("the pool at its target before " + id, LONG, this::poolIsFull);
      result = firstCall(application);
    }
    check(
        result.phases().coldStart() == ColdStart.PLACEHOLDER,
        id
            + ": its first call came from "
            + result.phases().coldStart()
            + " (expected: PLACEHOLDER)");
    double total = millis(result.phases().total());
    double specialized = millis(result.phases().specialized());
    System.out.printf(
        "   %-11s %-15s from %s: queued %.0f ms (specialized %.0f ms), function %.0f ms%n",
        id,
        application.stack(),
        result.phases().coldStart(),
        millis(result.phases().queued()),
        specialized,
        millis(result.phases().done()));
    rows.put(id, new Row(result.phases().coldStart().toString(), total, specialized, 0, 0));
    Patience.until("the pool at its target after " + id, LONG, this::poolIsFull);
  }

  /** Starts the application and calls it at once, so that the call waits for the worker. */
  private InvocationResult firstCall(ApplicationDefinition application) throws Exception {
    String id = application.id().value();
    Payload request =
        new Payload.HttpRequest(
            "GET",
            http + "/apps/" + id + "/api/hello/cold",
            Map.of(),
            Map.of(),
            Map.of("name", "cold"),
            Payload.empty());
    Invocation call = Invocation.of(application.id(), "hello", request);
    CompletableFuture<?> started = runtime.jobHosts().start(application);
    InvocationResult result = get(runtime.router().invoke(call)).orThrow();
    get(started);
    return result;
  }

  private void warm(String id) throws Exception {
    double[] millis = new double[WARM_CALLS];
    for (int call = 0; call < WARM_CALLS; call++) {
      long before = System.nanoTime();
      HttpResponse<String> response = get(hello(id, "warm-" + call));
      millis[call] = (System.nanoTime() - before) / 1e6;
      check(
          response.statusCode() == 200 && response.body().endsWith("warm-" + call),
          id + ": call " + call + " answered " + response.statusCode() + " " + response.body());
    }
    Arrays.sort(millis);
    Row cold = Objects.requireNonNull(rows.get(id), id);
    rows.put(
        id,
        new Row(
            cold.coldStart(),
            cold.coldMillis(),
            cold.specializedMillis(),
            millis[WARM_CALLS / 2],
            millis[WARM_CALLS - 1]));
    System.out.printf(
        "   %-11s median %.2f ms, slowest %.1f ms%n",
        id, millis[WARM_CALLS / 2], millis[WARM_CALLS - 1]);
  }

  private void kill() throws Exception {
    CompletableFuture<HttpResponse<String>> doomed =
        client.sendAsync(
            HttpRequest.newBuilder(http.resolve("/apps/orders/api/slow/30"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    Patience.until("the slow call to run", LONG, () -> marked("slow-"));
    AtomicBoolean stop = new AtomicBoolean();
    List<CompletableFuture<Integer>> others = new ArrayList<>();
    for (ApplicationDefinition application : applications) {
      if (!application.id().value().equals("orders")) {
        others.add(CompletableFuture.supplyAsync(() -> callUntil(application.id().value(), stop)));
      }
    }
    WorkerInfo victim =
        runtime.workers().workers().stream()
            .filter(
                worker ->
                    worker.application().equals(java.util.Optional.of(ApplicationId.of("orders")))
                        && worker.inFlight() > 0)
            .findFirst()
            .orElseThrow(
                () -> new IllegalStateException("no worker of orders has a call in flight"));
    long before = System.nanoTime();
    ProcessHandle.of(victim.processId().orElseThrow()).ifPresent(ProcessHandle::destroyForcibly);
    HttpResponse<String> answer = get(doomed);
    double took = (System.nanoTime() - before) / 1e6;
    check(
        answer.statusCode() == 502,
        "the killed worker's call answered " + answer.statusCode() + " (expected: 502)");
    System.out.printf(
        "   worker %s killed; its call answered %d after %.0f ms: %s%n",
        victim.id(), answer.statusCode(), took, answer.body());
    HttpResponse<String> again = get(hello("orders", "again"));
    check(again.statusCode() == 200, "orders answered " + again.statusCode() + " after the kill");
    stop.set(true);
    int calls = 0;
    for (CompletableFuture<Integer> other : others) {
      calls += get(other);
    }
    Patience.until("the pool at its target after the kill", LONG, this::poolIsFull);
    System.out.println(
        "   "
            + calls
            + " calls of the other applications meanwhile: all good; orders serves again; the pool"
            + " is at its target");
  }

  private int callUntil(String id, AtomicBoolean stop) {
    int calls = 0;
    do {
      try {
        HttpResponse<String> response = get(hello(id, "meanwhile"));
        check(
            response.statusCode() == 200,
            id + " answered " + response.statusCode() + " while another's worker was killed");
        calls++;
      } catch (Exception e) {
        throw new IllegalStateException(e.getMessage(), e);
      }
    } while (!stop.get());
    return calls;
  }

  private void timer() throws InterruptedException {
    Patience.until("a timer of orders to fire", LONG, () -> marked("tick-orders"));
    System.out.println("   the timer of \"orders\" has fired");
  }

  private void summary() {
    System.out.printf(
        "%n%-11s %-9s %-15s %-12s %9s %14s %11s %11s%n",
        "app",
        "tenant",
        "stack",
        "cold start",
        "cold ms",
        "specialized ms",
        "warm p50 ms",
        "warm max ms");
    for (ApplicationDefinition application : applications) {
      Row row = Objects.requireNonNull(rows.get(application.id().value()));
      System.out.printf(
          "%-11s %-9s %-15s %-12s %9.0f %14.0f %11.2f %11.1f%n",
          application.id(),
          application.tenant(),
          application.stack(),
          row.coldStart(),
          row.coldMillis(),
          row.specializedMillis(),
          row.warmMedianMillis(),
          row.warmWorstMillis());
      check(
          runtime
              .jobHosts()
              .find(application.id())
              .map(host -> host.state() == JobHostState.RUNNING)
              .orElse(false),
          application.id() + " is not RUNNING at the end");
    }
  }

  private void workers() {
    System.out.printf(
        "   %-14s %-26s %-12s %-11s %8s %8s%n",
        "worker", "stack", "state", "app", "in calls", "PSS MB");
    for (WorkerInfo worker : runtime.workers().workers()) {
      String memory =
          worker.processId().isEmpty()
              ? "-"
              : ProcessMemory.of(worker.processId().getAsLong())
                  .map(
                      found ->
                          String.format(
                              "%.0f",
                              found.proportionalBytes().orElse(found.residentBytes()) / 1048576.0))
                  .orElse("-");
      System.out.printf(
          "   %-14s %-26s %-12s %-11s %8d %8s%n",
          worker.id(),
          worker.stack(),
          worker.state(),
          worker.application().map(ApplicationId::value).orElse("-"),
          worker.inFlight(),
          memory);
    }
  }

  private boolean poolIsFull() {
    List<WorkerInfo> workers = runtime.workers().workers();
    return placeholders.entrySet().stream()
        .allMatch(
            target ->
                workers.stream()
                        .filter(
                            worker ->
                                worker.state() == WorkerState.PLACEHOLDER
                                    && worker.stack().language().equals(target.getKey()))
                        .count()
                    == target.getValue());
  }

  private boolean marked(String prefix) {
    try (Stream<Path> files = Files.list(marks)) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith(prefix));
    } catch (IOException e) {
      return false;
    }
  }

  private CompletableFuture<HttpResponse<String>> hello(String id, String name) {
    return client.sendAsync(
        HttpRequest.newBuilder(http.resolve("/apps/" + id + "/api/hello/" + name))
            .timeout(LONG)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static <T> T get(CompletableFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private static void say(String text) {
    System.out.println();
    System.out.println(text);
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }
}
