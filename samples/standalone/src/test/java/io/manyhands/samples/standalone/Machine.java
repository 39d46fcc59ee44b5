/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A user's machine: the artifacts of this build in a local repository of its own, behind it the one
 * that this build reads, so that nothing is downloaded twice and nothing of ours gets into it.
 */
final class Machine {
  private static final long MINUTES = 10;

  private final Path repository;

  private Machine(Path repository) {
    this.repository = repository;
  }

  record Outcome(int exitCode, String output) {}

  static Path root() {
    return Path.of(property("manyhands.root"));
  }

  /** With what every module of this build has made so far. */
  static Machine install(Path target) throws IOException {
    Path repository = target.resolve("repository");
    Path group = repository.resolve("io/manyhands");
    delete(group);
    Path rootPom = root().resolve("pom.xml");
    install(group, rootPom);
    for (String module : Pom.modules(rootPom)) {
      install(group, root().resolve(module).resolve("pom.xml"));
    }
    return new Machine(repository);
  }

  private static void install(Path group, Path pom) throws IOException {
    String artifact = Pom.artifactId(pom);
    String version = property("manyhands.version");
    Path folder = Files.createDirectories(group.resolve(artifact).resolve(version));
    String prefix = artifact + "-" + version;
    Files.copy(pom, folder.resolve(prefix + ".pom"));
    Path built = pom.resolveSibling("target");
    if (Files.isDirectory(built)) {
      try (Stream<Path> files = Files.list(built)) {
        for (Path file : files.toList()) {
          String name = file.getFileName().toString();
          if (name.startsWith(prefix) && name.endsWith(".jar")) {
            Files.copy(file, folder.resolve(name));
          }
        }
      }
    }
  }

  /** What the build has made of a module, such as {@code api}. */
  static Path jar(String module, String suffix) throws IOException {
    Path pom = root().resolve(module).resolve("pom.xml");
    return pom.resolveSibling("target")
        .resolve(Pom.artifactId(pom) + "-" + property("manyhands.version") + suffix + ".jar");
  }

  Outcome maven(Path project, String... goals) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(property("maven.home"), "bin", "mvn").toString());
    command.addAll(List.of("-B", "-ntp"));
    if (property("maven.offline").endsWith("true")) {
      command.add("-o");
    }
    settings(command, "-s", "maven.settings");
    settings(command, "-gs", "maven.globalSettings");
    command.add("-Dmaven.repo.local=" + repository);
    command.add("-Dmaven.repo.local.tail=" + property("maven.localRepository"));
    command.addAll(List.of(goals));
    return run(project, command, Map.of("MAVEN_BASEDIR", project.toString()));
  }

  private static void settings(List<String> command, String option, String name) {
    String file = System.getProperty(name, "");
    if (!file.isEmpty() && Files.isRegularFile(Path.of(file))) {
      command.addAll(List.of(option, file));
    }
  }

  static Outcome java(Path directory, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(arguments));
    return run(directory, command, Map.of());
  }

  private static Outcome run(Path directory, List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile(directory, "run", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        throw new AssertionError(
            "not done within %d minutes: %s\n%s"
                .formatted(MINUTES, command, Files.readString(log)));
      }
      return new Outcome(process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** A copy of a sample's project, without what was built of it. */
  static Path copy(String sample, Path target) throws IOException {
    Path from = root().resolve(sample);
    Path to = target.resolve(sample);
    delete(to);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(f -> !f.startsWith(from.resolve("target"))).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(Files.isDirectory(file) ? copy : copy.getParent());
        if (Files.isRegularFile(file)) {
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    return to;
  }

  private static void delete(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new AssertionError(
          "system property " + name + " is missing (expected: set by the pom)");
    }
    return value;
  }
}
