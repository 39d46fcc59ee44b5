/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The routes of an application's functions, the most particular first. Immutable. */
record RouteSet(List<Route> routes, Map<String, String> problems) {
  static final RouteSet EMPTY = new RouteSet(List.of(), Map.of());

  /** Who may call. */
  enum Access {
    ANONYMOUS,
    FUNCTION,
    ADMIN
  }

  /** One function's route; an empty set of methods is all. */
  record Route(
      String function,
      RouteTemplate template,
      Set<String> methods,
      Access access,
      Optional<String> output) {
    boolean takes(String method) {
      return methods.isEmpty() || methods.contains(method);
    }
  }

  /** A route and its parameters. */
  record Match(Route route, Map<String, String> parameters) {}

  RouteSet {
    routes = List.copyOf(routes);
    problems = Map.copyOf(problems);
  }

  static RouteSet of(ApplicationId application, String prefix, List<FunctionDefinition> functions) {
    List<Route> routes = new ArrayList<>();
    Map<String, String> problems = new TreeMap<>();
    for (FunctionDefinition function : functions) {
      try {
        routes.add(route(function, prefix));
      } catch (IllegalArgumentException e) {
        problems.put(function.name(), described(function) + ": " + e.getMessage());
      }
    }
    Map<String, List<Route>> alike = new HashMap<>();
    for (Route route : routes) {
      List<Route> others =
          alike.computeIfAbsent(route.template().shape(), shape -> new ArrayList<>());
      others.forEach(other -> refuseConflict(application, other, route));
      others.add(route);
    }
    routes.sort(
        Comparator.comparing((Route route) -> route.template().rank())
            .thenComparing(Route::function));
    return new RouteSet(routes, problems);
  }

  /** All that fit the path, for any method. */
  List<Match> match(List<String> path) {
    List<Match> found = new ArrayList<>();
    for (Route route : routes) {
      route.template().match(path).ifPresent(parameters -> found.add(new Match(route, parameters)));
    }
    return found;
  }

  private static Route route(FunctionDefinition function, String prefix) {
    Binding trigger =
        function.trigger().orElseThrow(() -> new IllegalArgumentException("has no trigger"));
    String route = trigger.text("route", "");
    String own = route.isEmpty() ? function.name() : route;
    String whole =
        (prefix.isEmpty() ? "" : prefix + "/") + (own.startsWith("/") ? own.substring(1) : own);
    Set<String> methods = new TreeSet<>();
    for (String method : methods(trigger)) {
      if (!HeaderRules.isName(method)) {
        throw new IllegalArgumentException(
            "methods: \"" + method + "\" (expected: an HTTP method such as get)");
      }
      methods.add(method.toUpperCase(Locale.ROOT));
    }
    Optional<String> output =
        function.bindings().stream()
            .filter(
                binding ->
                    binding.type().equalsIgnoreCase("http")
                        && binding.direction() != Binding.Direction.IN)
            .map(Binding::name)
            .findFirst();
    return new Route(
        function.name(),
        RouteTemplate.parse(whole),
        methods,
        access(trigger.text("authLevel", "function")),
        output);
  }

  private static List<String> methods(Binding trigger) {
    Object listed = trigger.attributes().get("methods");
    if (listed == null) {
      return List.of();
    }
    if (listed instanceof List<?> list) {
      return list.stream().map(String::valueOf).toList();
    }
    if (listed instanceof String text) {
      return text.isBlank() ? List.of() : List.of(text.trim().split(" *, *", -1));
    }
    throw new IllegalArgumentException(
        "methods: " + listed + " (expected: a list of HTTP methods)");
  }

  private static String described(FunctionDefinition function) {
    return "function "
        + function.name()
        + (function.directory().isEmpty() ? "" : " (" + function.directory() + ")");
  }

  private static Access access(String level) {
    return switch (level.toLowerCase(Locale.ROOT)) {
      case "anonymous" -> Access.ANONYMOUS;
      case "function" -> Access.FUNCTION;
      case "admin" -> Access.ADMIN;
      default ->
          throw new IllegalArgumentException(
              "authLevel: " + level + " (expected: anonymous, function or admin)");
    };
  }

  private static void refuseConflict(ApplicationId application, Route first, Route second) {
    boolean shared =
        first.methods().isEmpty()
            || second.methods().isEmpty()
            || first.methods().stream().anyMatch(second.methods()::contains);
    if (shared) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "application "
              + application
              + ": functions "
              + first.function()
              + " and "
              + second.function()
              + " have the same route \""
              + first.template()
              + "\" (expected: another route, or other methods)");
    }
  }
}
