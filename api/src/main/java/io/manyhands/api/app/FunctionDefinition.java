/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.app;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One function of a revision, as its author or a worker's index describes it.
 *
 * @param name unique in its application without regard to case
 * @param directory where it lies; may be empty
 * @param scriptFile absolute where it came from function.json; may be empty
 * @param entryPoint may be empty
 * @param language as in the worker's metadata; may be empty
 * @param bindings at least the trigger
 * @param properties further properties of the worker protocol
 * @param retry when a failed call is run again; never where there is none
 */
public record FunctionDefinition(
    String name,
    String directory,
    String scriptFile,
    String entryPoint,
    String language,
    List<Binding> bindings,
    Map<String, String> properties,
    Optional<RetryPolicy> retry) {
  public FunctionDefinition {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(scriptFile, "scriptFile");
    Objects.requireNonNull(entryPoint, "entryPoint");
    Objects.requireNonNull(language, "language");
    bindings = List.copyOf(bindings);
    properties = java.util.Collections.unmodifiableMap(new TreeMap<>(properties));
    Objects.requireNonNull(retry, "retry");
  }

  /** One without a retry policy. */
  public FunctionDefinition(
      String name,
      String directory,
      String scriptFile,
      String entryPoint,
      String language,
      List<Binding> bindings,
      Map<String, String> properties) {
    this(name, directory, scriptFile, entryPoint, language, bindings, properties, Optional.empty());
  }

  public FunctionDefinition withBindings(List<Binding> value) {
    return new FunctionDefinition(
        name, directory, scriptFile, entryPoint, language, value, properties, retry);
  }

  public FunctionDefinition withRetry(RetryPolicy value) {
    return new FunctionDefinition(
        name,
        directory,
        scriptFile,
        entryPoint,
        language,
        bindings,
        properties,
        Optional.of(value));
  }

  /** The trigger binding; a function without one can be called through the Router alone. */
  public Optional<Binding> trigger() {
    return bindings.stream().filter(Binding::isTrigger).findFirst();
  }
}
