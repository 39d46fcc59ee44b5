/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.microsoft.azure.functions.annotation.FunctionName;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * An application's jars and the functions in them. Classes are looked through without being
 * initialized.
 */
final class FunctionApp {
  private static final byte[] MARK =
      "Lcom/microsoft/azure/functions/annotation/FunctionName;".getBytes(StandardCharsets.US_ASCII);
  private static final int LARGEST_CLASS = 8 << 20;

  private final Map<String, JavaFunction> functions;

  private FunctionApp(Map<String, JavaFunction> functions) {
    this.functions = functions;
  }

  /** By name. */
  Map<String, JavaFunction> functions() {
    return functions;
  }

  /** Takes the jars of the directory, and of its {@code lib} directory as what they need. */
  static FunctionApp open(Path directory) throws IOException, ClassNotFoundException {
    if (!Files.isDirectory(directory)) {
      throw new IOException(
          "application directory " + directory + " is not there (expected: a directory with jars)");
    }
    List<Path> own = jars(directory);
    List<Path> all = new ArrayList<>(own);
    all.addAll(jars(directory.resolve("lib")));
    if (own.isEmpty()) {
      throw new IOException("application directory " + directory + " holds no jar");
    }
    URLClassLoader loader =
        new URLClassLoader(
            "application", urls(all), new SharedTypes(FunctionApp.class.getClassLoader()));
    Map<String, JavaFunction> functions = new TreeMap<>();
    for (Path jar : own) {
      for (String name : candidates(jar)) {
        for (Method method : Class.forName(name, false, loader).getMethods()) {
          FunctionName annotation = method.getAnnotation(FunctionName.class);
          if (annotation != null) {
            JavaFunction function = new JavaFunction(annotation.value(), method, jar);
            JavaFunction other = functions.put(annotation.value(), function);
            if (other != null) {
              throw new IOException(
                  "two methods are named "
                      + annotation.value()
                      + ": "
                      + other
                      + " and "
                      + function
                      + " (expected: one)");
            }
          }
        }
      }
    }
    return new FunctionApp(functions);
  }

  private static List<Path> jars(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static URL[] urls(List<Path> jars) throws MalformedURLException {
    URL[] urls = new URL[jars.size()];
    for (int index = 0; index < urls.length; index++) {
      urls[index] = jars.get(index).toUri().toURL();
    }
    return urls;
  }

  /** Classes whose constants name the annotation; only these are loaded. */
  private static List<String> candidates(Path jar) throws IOException {
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

  /**
   * What application and worker share: the JDK and the functions library, nothing of the worker's
   * own.
   */
  private static final class SharedTypes extends ClassLoader {
    private static final String LIBRARY = "com.microsoft.azure.functions.";

    private final ClassLoader worker;

    SharedTypes(ClassLoader worker) {
      super("shared", ClassLoader.getPlatformClassLoader());
      this.worker = worker;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith(LIBRARY)) {
        return worker.loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }
}
