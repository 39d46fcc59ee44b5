/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart.chaos;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.FunctionName;
import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.worker.WorkerStack;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * The same function in three stacks, {@code note?id=&millis=}: leaves a line in a file named like
 * the id, takes so many milliseconds, and says so.
 */
final class ChaosApps {
  static final WorkerStack JAVA = WorkerStack.of("manyhands-java");
  static final WorkerStack NODE = WorkerStack.of("node");
  static final WorkerStack PYTHON = WorkerStack.of("python");

  /** Of every call. */
  static final Duration DEADLINE = Duration.ofSeconds(4);

  private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent().getParent();

  private ChaosApps() {}

  /** Our Java worker and two doubles. */
  static String workersDirectories() {
    return Stream.of(
            "workers/java/target/workers",
            "workers/doubles/target/workers/node-v4",
            "workers/doubles/target/workers/python-v2")
        .map(folder -> REPOSITORY.resolve(folder).toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Java applications of two tenants, and one of each double. */
  static List<ApplicationDefinition> all(Path root) {
    return List.of(
        application("orders", "acme", JAVA, root.resolve("java"), root),
        application("quiet", "globex", JAVA, root.resolve("java"), root),
        application("billing", "acme", NODE, root.resolve("doubles"), root),
        application("reports", "acme", PYTHON, root.resolve("doubles"), root));
  }

  private static ApplicationDefinition application(
      String id, String tenant, WorkerStack stack, Path directory, Path root) {
    return ApplicationDefinition.builder(id)
        .tenant(tenant)
        .stack(stack)
        .content(ApplicationContent.directory(directory))
        .setting("NOTES", notes(root).toString())
        .build();
  }

  /** Where the runs are noted. */
  static Path notes(Path root) {
    return root.resolve("notes");
  }

  /** Writes what the applications are made of. */
  static void write(Path root) throws IOException {
    Files.createDirectories(notes(root));
    Path doubles = Files.createDirectories(root.resolve("doubles"));
    Files.writeString(
        doubles.resolve("doubles.json"),
        "{\"functions\": [{\"name\": \"note\", \"does\": \"note\", \"argument\": \"NOTES\"}]}");
    Path java = Files.createDirectories(root.resolve("java"));
    String host = "{\"version\": \"2.0\", \"functionTimeout\": \"00:00:04\"}";
    Files.writeString(doubles.resolve("host.json"), host);
    Files.writeString(java.resolve("host.json"), host);
    compile(Files.createDirectories(root.resolve("classes")), java.resolve("booking.jar"));
  }

  private static void compile(Path classes, Path jar) throws IOException {
    String libraries =
        Stream.of(FunctionName.class, ExecutionContext.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
            .collect(Collectors.joining(File.pathSeparator));
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                libraries,
                "src/test/apps/chaos/acme/Booking.java");
    if (code != 0) {
      throw new AssertionError("the application does not compile");
    }
    try (var output = new java.util.jar.JarOutputStream(Files.newOutputStream(jar))) {
      output.putNextEntry(new java.util.jar.JarEntry("acme/Booking.class"));
      output.write(Files.readAllBytes(classes.resolve("acme/Booking.class")));
      output.closeEntry();
    }
  }
}
