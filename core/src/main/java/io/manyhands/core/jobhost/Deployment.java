/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.jobhost;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.AccessKeys;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.FunctionInfo;
import io.manyhands.api.app.JobHostState;
import io.manyhands.core.functions.PreparedApp;
import io.manyhands.core.placement.AppPlacement;
import io.manyhands.core.routing.RevisionRoute;
import io.manyhands.core.routing.RoutedFunction;
import io.manyhands.core.session.Call;
import io.manyhands.core.session.CatalogueFunction;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerApplication;
import io.manyhands.spi.trigger.TriggerListener;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One revision of an application with its trigger listeners and its workers. On its JobHost's
 * strand.
 */
final class Deployment {
  private final Function<ApplicationDefinition, AccessKeys> made;
  private final Map<Trigger, TriggerListener> listeners = new LinkedHashMap<>();
  private ApplicationDefinition definition;
  private @Nullable PreparedApp prepared;
  private @Nullable RevisionRoute route;
  private @Nullable AppPlacement placement;
  private List<FunctionInfo> functions = List.of();

  /**
   * @param made the keys that the Runtime made for an application
   */
  Deployment(ApplicationDefinition definition, Function<ApplicationDefinition, AccessKeys> made) {
    this.definition = definition;
    this.made = made;
  }

  void addListener(Trigger trigger, TriggerListener listener) {
    listeners.put(trigger, listener);
  }

  void serveBy(RevisionRoute revisionRoute, AppPlacement appPlacement) {
    route = revisionRoute;
    placement = appPlacement;
  }

  void prepared(PreparedApp app) {
    prepared = app;
    listeners
        .values()
        .forEach(listener -> listener.onApplicationChanged(triggerApplication(definition, app)));
  }

  /**
   * Takes over keys, host names and limits of an equal revision; where a trigger refuses them, all
   * stays as it was, and that is thrown.
   */
  void redefine(ApplicationDefinition next) {
    ApplicationDefinition before = definition;
    try {
      tell(next);
    } catch (RuntimeException e) {
      tell(before);
      throw e;
    }
    definition = next;
  }

  private void tell(ApplicationDefinition changed) {
    PreparedApp app = prepared;
    if (app != null) {
      listeners
          .values()
          .forEach(listener -> listener.onApplicationChanged(triggerApplication(changed, app)));
    }
  }

  /** The keys that were made for it have changed. */
  void onKeysMade() {
    tell(definition);
  }

  ApplicationDefinition definition() {
    return definition;
  }

  /** True where both are prepared and a worker of one could serve the other. */
  boolean isOfSameRevision(Deployment other) {
    PreparedApp own = prepared;
    PreparedApp others = other.prepared;
    return own != null
        && others != null
        && own.target().revision().equals(others.target().revision());
  }

  Optional<PreparedApp> prepared() {
    return Optional.ofNullable(prepared);
  }

  Optional<RevisionRoute> route() {
    return Optional.ofNullable(route);
  }

  Optional<AppPlacement> placement() {
    return Optional.ofNullable(placement);
  }

  List<FunctionInfo> functions() {
    return functions;
  }

  void onState(JobHostState state) {
    listeners.values().forEach(listener -> listener.onState(state));
  }

  CompletableFuture<Void> stopListeners() {
    List<CompletableFuture<Void>> stopped = new ArrayList<>();
    listeners.values().forEach(listener -> stopped.add(listener.stop().toCompletableFuture()));
    return CompletableFuture.allOf(stopped.toArray(CompletableFuture[]::new));
  }

  /**
   * The catalogue is known: binds each function to its trigger; what is wrong with one fails that
   * one alone, what is wrong with the application is thrown.
   */
  void catalogue(List<CatalogueFunction> catalogue) {
    Set<String> known = knownTypes();
    Map<String, String> problems = new HashMap<>();
    for (CatalogueFunction function : catalogue) {
      function
          .problem()
          .or(() -> unknownBinding(function.definition(), known))
          .ifPresent(problem -> problems.put(function.key(), problem));
    }
    listeners.forEach(
        (trigger, listener) -> {
          List<FunctionDefinition> own =
              catalogue.stream()
                  .filter(function -> !problems.containsKey(function.key()))
                  .map(CatalogueFunction::definition)
                  .filter(
                      function ->
                          function
                              .trigger()
                              .filter(binding -> has(trigger.triggerTypes(), binding))
                              .isPresent())
                  .toList();
          listener
              .prepare(own)
              .forEach((name, problem) -> problems.put(name.toLowerCase(Locale.ROOT), problem));
        });
    List<FunctionInfo> infos = new ArrayList<>();
    catalogue.forEach(
        function ->
            infos.add(
                new FunctionInfo(
                    function.definition(), Optional.ofNullable(problems.get(function.key())))));
    if (prepared != null) {
      infos.addAll(prepared.broken());
    }
    infos.sort(Comparator.comparing(info -> info.definition().name()));
    functions = List.copyOf(infos);
    if (!functions.isEmpty()
        && functions.stream().allMatch(function -> function.problem().isPresent())) {
      throw new ManyhandsException(
          ErrorCode.APP_FAILED,
          "application "
              + definition.id()
              + ": none of its functions can be called: "
              + functions.get(0).definition().name()
              + ": "
              + functions.get(0).problem().orElse(""));
    }
  }

  /** What routing is to know of each function, by key of its name. */
  Map<String, RoutedFunction> routed() {
    Map<String, RoutedFunction> routed = new TreeMap<>();
    functions.forEach(
        function ->
            routed.put(
                Call.key(function.definition().name()),
                new RoutedFunction(
                    function.problem(), CatalogueFunction.retry(function.definition()))));
    return routed;
  }

  TriggerApplication triggerApplication(
      ApplicationDefinition definition, @Nullable PreparedApp app) {
    return new TriggerApplication(
        definition.id(),
        definition.tenant(),
        definition.keys(),
        made.apply(definition),
        definition.hostNames(),
        app == null ? Map.of() : app.extensions(),
        app == null ? Optional.empty() : app.functionTimeout(),
        definition.settings());
  }

  private Set<String> knownTypes() {
    Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (Trigger trigger : listeners.keySet()) {
      known.addAll(trigger.triggerTypes());
      known.addAll(trigger.bindingTypes());
    }
    return known;
  }

  private static Optional<String> unknownBinding(FunctionDefinition function, Set<String> known) {
    for (Binding binding : function.bindings()) {
      if (!known.contains(binding.type())) {
        String where = function.directory().isEmpty() ? "" : " (" + function.directory() + ")";
        return Optional.of(
            "function "
                + function.name()
                + where
                + ": binding \""
                + binding.name()
                + "\" has type \""
                + binding.type()
                + "\", which nobody here provides (known: "
                + String.join(", ", known)
                + ")");
      }
    }
    return Optional.empty();
  }

  private static boolean has(Set<String> types, Binding binding) {
    return types.stream().anyMatch(type -> type.equalsIgnoreCase(binding.type()));
  }
}
