/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.functions;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.ApplicationDefinition;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The environment of an application's workers: protocol variables, then app settings, which may not
 * name them. Nothing of the Runtime's own.
 */
final class AppEnvironment {
  private static final String THREADS = "PYTHON_THREADPOOL_THREAD_COUNT";
  private static final Set<String> RESERVED =
      Set.of(
          "AzureWebJobsScriptRoot",
          "FUNCTIONS_WORKER_RUNTIME",
          "FUNCTIONS_WORKER_DIRECTORY",
          "FUNCTIONS_APPLICATION_DIRECTORY",
          "FUNCTIONS_WORKER_RUNTIME_VERSION",
          "WEBSITE_PLACEHOLDER_MODE");
  private static final int PYTHON_SLOTS = 16;
  private static final int OTHER_SLOTS = 100;

  private AppEnvironment() {}

  static Map<String, String> of(ApplicationDefinition definition, String directory, int slots) {
    Map<String, String> environment = new TreeMap<>(definition.settings());
    for (String name : definition.settings().keySet()) {
      if (RESERVED.contains(name)) {
        throw new ManyhandsException(
            ErrorCode.INVALID_ARGUMENT,
            "application "
                + definition.id()
                + ": setting "
                + name
                + " belongs to the worker protocol (expected: another name)");
      }
    }
    environment.put("AzureWebJobsScriptRoot", directory);
    environment.put("FUNCTIONS_APPLICATION_DIRECTORY", directory);
    environment.put("FUNCTIONS_WORKER_RUNTIME", definition.stack().language());
    environment.put("FUNCTIONS_WORKER_RUNTIME_VERSION", definition.stack().version());
    environment.put("WEBSITE_PLACEHOLDER_MODE", "0");
    if (definition.stack().language().equals("python")) {
      environment.put(THREADS, Integer.toString(slots));
    }
    environment.values().removeIf(String::isEmpty);
    return environment;
  }

  /**
   * The application's own number, else the stack's default; a Python worker has as many slots as
   * threads.
   */
  static int slots(ApplicationDefinition definition) {
    boolean python = definition.stack().language().equals("python");
    if (definition.limits().slotsPerWorker().isPresent()) {
      return definition.limits().slotsPerWorker().getAsInt();
    }
    String threads = python ? definition.settings().get(THREADS) : null;
    if (threads == null) {
      return python ? PYTHON_SLOTS : OTHER_SLOTS;
    }
    try {
      int value = Integer.parseInt(threads);
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new ManyhandsException(
        ErrorCode.INVALID_ARGUMENT,
        "application "
            + definition.id()
            + ": setting "
            + THREADS
            + " is not a number of threads (expected: a whole number from 1)");
  }
}
