/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.microsoft.azure.functions.annotation.FunctionName;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An application: its class loader and its functions. Classes are looked through without being
 * initialized. What is wrong with one function is told of that function alone. Thread-safe.
 */
final class FunctionApp {
  private final AppClassLoader loader;
  private final Instances instances;

  /** By name, whatever its case. */
  private final Map<String, Entry> entries = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /**
   * A function, or why there is none.
   *
   * @param where class and method
   */
  private record Entry(
      String name, String where, @Nullable JavaFunction function, @Nullable String fault) {
    RpcFunctionMetadata metadata() {
      if (function != null) {
        return function.metadata();
      }
      return RpcFunctionMetadata.newBuilder()
          .setName(name)
          .setFunctionId(name)
          .setLanguage(MessageHandler.LANGUAGE)
          .setEntryPoint(where)
          .setStatus(Statuses.failure(String.valueOf(fault)))
          .build();
    }
  }

  private FunctionApp(AppClassLoader loader, Instances instances) {
    this.loader = loader;
    this.instances = instances;
  }

  /**
   * Takes the jars.
   *
   * @throws IOException where one cannot be read
   */
  static FunctionApp open(AppJars jars) throws IOException {
    AppClassLoader loader = AppClassLoader.of(jars.all());
    Thread.currentThread().setContextClassLoader(loader);
    Instances instances;
    try {
      instances = Instances.of(loader);
    } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
      throw new IOException("the application's FunctionInstanceInjector cannot be made: " + e, e);
    }
    FunctionApp app = new FunctionApp(loader, instances);
    for (Path jar : jars.own()) {
      for (String candidate : AppJars.candidates(jar)) {
        app.look(candidate, jar);
      }
    }
    return app;
  }

  /** Of use where it was but tried: an application lasts as long as the process. */
  void close() throws IOException {
    loader.close();
  }

  List<RpcFunctionMetadata> metadata() {
    return entries.values().stream().map(Entry::metadata).toList();
  }

  /**
   * The function of that name, else the method that a function.json names.
   *
   * @throws FunctionFault where there is none, or it cannot be called
   */
  JavaFunction find(RpcFunctionMetadata wanted) throws FunctionFault {
    Entry entry = entries.get(wanted.getName());
    if (entry == null) {
      return byEntryPoint(wanted);
    }
    if (entry.function() == null) {
      throw new FunctionFault(String.valueOf(entry.fault()));
    }
    return entry.function();
  }

  private JavaFunction byEntryPoint(RpcFunctionMetadata wanted) throws FunctionFault {
    String point = wanted.getEntryPoint();
    int dot = point.lastIndexOf('.');
    if (dot < 1) {
      throw new FunctionFault(
          "function %s is not in the application's jars (known: %s), and entry point \"%s\" names no class and method"
              .formatted(wanted.getName(), entries.keySet(), point));
    }
    String method = point.substring(dot + 1);
    List<Method> found = new ArrayList<>();
    try {
      for (Method each : loader.loadClass(point.substring(0, dot)).getDeclaredMethods()) {
        if (each.getName().equals(method) && !each.isSynthetic()) {
          found.add(each);
        }
      }
    } catch (ClassNotFoundException | LinkageError e) {
      throw new FunctionFault("entry point " + point + ": its class cannot be loaded: " + e);
    }
    if (found.size() != 1) {
      throw new FunctionFault(
          "entry point %s: %d methods have that name (expected: one)"
              .formatted(point, found.size()));
    }
    return JavaFunction.of(
        wanted.getName(), found.get(0), Path.of(wanted.getScriptFile()), instances);
  }

  private void look(String className, Path jar) {
    Method[] methods;
    try {
      methods = Class.forName(className, false, loader).getDeclaredMethods();
    } catch (ClassNotFoundException | LinkageError e) {
      add(
          new Entry(
              className,
              className,
              null,
              "class %s of %s cannot be loaded: %s (is a jar missing in lib?)"
                  .formatted(className, jar.getFileName(), e)));
      return;
    }
    // In an order that does not depend on the JVM, so that messages do not either.
    Arrays.sort(methods, java.util.Comparator.comparing(Method::toString));
    for (Method method : methods) {
      // A bridge carries the annotations of the method that it leads to.
      if (!method.isSynthetic()) {
        look(method, jar);
      }
    }
  }

  private void look(Method method, Path jar) {
    String where = Signature.named(method);
    String name = where;
    try {
      FunctionName annotation = method.getAnnotation(FunctionName.class);
      if (annotation == null) {
        return;
      }
      name = annotation.value();
      if (name.isBlank()) {
        throw new FunctionFault(where + ": @FunctionName is empty (expected: a name)");
      }
      add(new Entry(name, where, JavaFunction.of(name, method, jar, instances), null));
    } catch (FunctionFault e) {
      add(new Entry(name.isBlank() ? where : name, where, null, String.valueOf(e.getMessage())));
    } catch (LinkageError | RuntimeException e) {
      add(new Entry(name, where, null, where + ": its signature cannot be read: " + e));
    }
  }

  private void add(Entry entry) {
    Entry other = entries.get(entry.name());
    if (other == null) {
      entries.put(entry.name(), entry);
      return;
    }
    entries.put(
        entry.name(),
        new Entry(
            other.name(),
            other.where(),
            null,
            "functions %s and %s have one name: %s and %s (expected: names that differ by more than case)"
                .formatted(other.name(), entry.name(), other.where(), entry.where())));
  }
}
