/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.ManyhandsRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;

/**
 * The demo: one Runtime, several tenants' applications in several languages, on workers that
 * dialled in.
 */
public final class Quickstart {
  private Quickstart() {}

  public static void main(String[] words) throws Exception {
    DemoOptions options;
    try {
      options = DemoOptions.parse(List.of(words));
    } catch (IllegalArgumentException e) {
      System.err.println("demo: " + e.getMessage());
      System.exit(2);
      return;
    }
    System.exit(run(options));
  }

  private static int run(DemoOptions options) throws Exception {
    Path repository = Path.of("").toAbsolutePath();
    Path target = repository.resolve("samples/quickstart/target/demo");
    Path marks = target.resolve("marks");
    clear(marks);
    System.out.println("Laying out the workers");
    WorkersFolder workers = new WorkersFolder(repository, target.resolve("workers"));
    workers.assemble();
    workers
        .absent()
        .forEach((stack, why) -> System.out.println("   " + stack + " stays out: " + why));
    Set<String> missing = new TreeSet<>(options.required());
    missing.removeAll(workers.present());
    if (!missing.isEmpty()) {
      System.err.println("demo: required but absent: " + missing);
      return 1;
    }
    // One machine, one user, several tenants: a single trust domain, which is fine for a demo and
    // must be asked for by name.
    System.out.println(
        "   option sharedLocalTrust is on: all tenants' workers run as one user of this machine, as"
            + " a real service's must not");
    RuntimeOptions.Builder runtimeOptions =
        RuntimeOptions.builder()
            .runtimeId("demo")
            .stateDirectory(target.resolve("state"))
            .sharedLocalTrust(true)
            .drainGrace(Duration.ofSeconds(5));
    Map<String, Integer> placeholders = new TreeMap<>();
    workers.present().forEach(stack -> placeholders.put(stack, 1));
    placeholders.forEach(
        (stack, count) -> runtimeOptions.placeholders(WorkerStack.of(stack), count));
    FunctionRuntime runtime =
        ManyhandsRuntime.builder()
            .options(runtimeOptions.build())
            .transport("grpc", Map.of())
            .provisioner("local", Map.of("workersDirectory", workers.directory().toString()))
            .build();
    CountDownLatch asked = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              asked.countDown();
              runtime.close();
            },
            "demo-end");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      runtime.startAndWait(Duration.ofSeconds(60));
      System.out.println("Runtime at " + runtime.endpoints());
      List<ApplicationDefinition> applications = DemoApps.all(repository, marks, workers.present());
      new Tour(runtime, applications, placeholders, marks).take();
      System.out.println();
      System.out.println(
          "Stacks that took part: "
              + String.join(", ", workers.present())
              + (workers.absent().isEmpty() ? "" : "; absent: " + workers.absent().keySet()));
      if (!options.once()) {
        String base = runtime.endpoints().get(runtime.endpoints().size() - 1).uri().toString();
        System.out.println(
            "Serving until Ctrl-C. Try: curl " + base + "/apps/orders/api/hello/you");
        asked.await();
      }
      return 0;
    } catch (IllegalStateException e) {
      System.err.println("demo: " + e.getMessage());
      return 1;
    }
  }

  private static void clear(Path marks) throws java.io.IOException {
    Files.createDirectories(marks);
    try (var files = Files.list(marks)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }
}
