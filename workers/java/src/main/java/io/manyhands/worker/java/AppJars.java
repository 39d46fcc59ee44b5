/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * An application's jars: its own, in its directory, and what they need, in {@code lib}.
 *
 * @param own those that are searched for functions
 */
record AppJars(List<Path> own, List<Path> libraries) {
  private static final byte[] MARK =
      "Lcom/microsoft/azure/functions/annotation/FunctionName;".getBytes(StandardCharsets.US_ASCII);
  private static final int LARGEST_CLASS = 8 << 20;

  static AppJars in(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException(
          "application directory " + directory + " is not there (expected: a directory with jars)");
    }
    List<Path> own = jars(directory);
    if (own.isEmpty()) {
      throw new IOException(
          "application directory " + directory + " holds no jar (expected: one with functions)");
    }
    return new AppJars(own, jars(directory.resolve("lib")));
  }

  List<Path> all() {
    return Stream.concat(own.stream(), libraries.stream()).toList();
  }

  private static List<Path> jars(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().endsWith(".jar")).sorted().toList();
    }
  }

  /** Classes whose constants name the annotation; only these need be loaded. */
  static List<String> candidates(Path jar) throws IOException {
    List<String> names = new ArrayList<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      Enumeration<JarEntry> entries = file.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        String path = entry.getName();
        if (path.endsWith(".class") && !path.startsWith("META-INF/")) {
          try (InputStream input = file.getInputStream(entry)) {
            if (contains(input.readNBytes(LARGEST_CLASS))) {
              names.add(path.substring(0, path.length() - ".class".length()).replace('/', '.'));
            }
          }
        }
      }
    } catch (IOException | SecurityException e) {
      throw new IOException("jar " + jar + " cannot be read: " + e.getMessage(), e);
    }
    return names;
  }

  private static boolean contains(byte[] bytes) {
    search:
    for (int start = 0; start <= bytes.length - MARK.length; start++) {
      for (int index = 0; index < MARK.length; index++) {
        if (bytes[start + index] != MARK[index]) {
          continue search;
        }
      }
      return true;
    }
    return false;
  }
}
