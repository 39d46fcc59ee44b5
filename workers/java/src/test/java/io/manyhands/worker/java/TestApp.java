/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.FunctionName;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * An application as it is deployed: a directory with a jar, and jars in {@code lib}. Sources are in
 * {@code src/test/apps}, so that no class of theirs is on the worker's own class path.
 */
final class TestApp {
  private static final Path SOURCES = Path.of("src/test/apps");

  private final Path directory;

  private TestApp(Path directory) {
    this.directory = directory;
  }

  static TestApp in(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("lib"));
    return new TestApp(directory);
  }

  Path directory() {
    return directory;
  }

  /** Compiles the sources of that name into a jar beside those that are there. */
  TestApp jar(String name) throws IOException {
    pack(name, directory.resolve(name + ".jar"));
    return this;
  }

  /** The same, into {@code lib}. */
  TestApp library(String name) throws IOException {
    pack(name, directory.resolve("lib").resolve(name + ".jar"));
    return this;
  }

  /** Leaves a library out that was there to compile against. */
  TestApp without(String library) throws IOException {
    Files.delete(directory.resolve("lib").resolve(library + ".jar"));
    return this;
  }

  private void pack(String name, Path jar) throws IOException {
    Path sources = SOURCES.resolve(name);
    Path classes = Files.createTempDirectory(directory, "classes");
    compile(sources, classes);
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream output = new JarOutputStream(file)) {
      for (Path root : List.of(classes, sources)) {
        for (Path each : files(root)) {
          if (!each.toString().endsWith(".java")) {
            output.putNextEntry(new JarEntry(root.relativize(each).toString()));
            output.write(Files.readAllBytes(each));
            output.closeEntry();
          }
        }
      }
    }
  }

  private void compile(Path sources, Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> words = new ArrayList<>(List.of("-proc:none", "-parameters", "-nowarn", "-d"));
    words.add(classes.toString());
    words.add("-cp");
    words.add(
        Stream.concat(
                files(directory.resolve("lib")).stream().map(Path::toString),
                Stream.of(FunctionName.class, ExecutionContext.class)
                    .map(
                        type -> type.getProtectionDomain().getCodeSource().getLocation().getPath()))
            .collect(Collectors.joining(File.pathSeparator)));
    files(sources).stream()
        .map(Path::toString)
        .filter(file -> file.endsWith(".java"))
        .forEach(words::add);
    int code = compiler.run(null, null, null, words.toArray(String[]::new));
    if (code != 0) {
      throw new AssertionError("the sources in " + sources + " do not compile");
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
