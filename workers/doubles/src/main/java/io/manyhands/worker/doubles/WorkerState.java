/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What a worker holds between messages. Messages come one at a time; calls read from threads. */
final class WorkerState {
  /** The loaded functions, by the id that the host gave. */
  final Map<String, LoadedFunction> functions = new ConcurrentHashMap<>();

  final AtomicInteger loading = new AtomicInteger();
  final AtomicInteger running = new AtomicInteger();

  private volatile Map<String, String> environment = Map.copyOf(System.getenv());
  private volatile String directory = "";
  private volatile String workerDirectory = "";
  private volatile boolean initialized;
  private volatile boolean indexed;

  void initialize(String application, String worker) {
    directory = application;
    workerDirectory = worker;
    initialized = true;
  }

  boolean initialized() {
    return initialized;
  }

  String directory() {
    return directory;
  }

  String workerDirectory() {
    return workerDirectory;
  }

  Map<String, String> environment() {
    return environment;
  }

  /** A reload replaces the whole environment (P-LAUNCH-2). */
  void reload(Map<String, String> values, String application) {
    environment = Map.copyOf(values);
    directory = application;
    indexed = false;
  }

  boolean indexed() {
    return indexed;
  }

  void markIndexed() {
    indexed = true;
  }

  AppScript script() {
    return AppScript.read(Path.of(directory));
  }
}
