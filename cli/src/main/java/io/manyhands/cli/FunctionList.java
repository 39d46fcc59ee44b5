/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli;

import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.FunctionInfo;
import io.manyhands.api.app.JobHostInfo;
import io.manyhands.support.appfiles.HostJson;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the functions of an application are shown: one line each, with the URL of those that have
 * one.
 */
final class FunctionList {
  private final URI base;
  private final @Nullable String key;

  /**
   * @param key that opens functions which ask for one
   */
  FunctionList(URI base, @Nullable String key) {
    this.base = base;
    this.key = key;
  }

  List<String> lines(JobHostInfo info, Path directory) {
    String prefix = routePrefix(HostJson.read(directory));
    List<String> lines = new ArrayList<>();
    for (FunctionInfo function : info.functions()) {
      lines.add("  " + function.definition().name() + ": " + what(function, prefix));
    }
    return lines.isEmpty() ? List.of("  no functions were found") : lines;
  }

  private String what(FunctionInfo function, String prefix) {
    if (function.problem().isPresent()) {
      return "not available: " + function.problem().get();
    }
    FunctionDefinition definition = function.definition();
    Optional<Binding> trigger = definition.trigger();
    if (trigger.isEmpty()) {
      return "without a trigger";
    }
    Binding binding = trigger.get();
    return binding.type().toLowerCase(Locale.ROOT).equals("httptrigger")
        ? methods(binding) + " " + url(definition.name(), binding, prefix)
        : binding.type();
  }

  private static String methods(Binding binding) {
    return binding.attributes().get("methods") instanceof List<?> methods && !methods.isEmpty()
        ? "["
            + String.join(
                ",",
                methods.stream()
                    .map(each -> String.valueOf(each).toUpperCase(Locale.ROOT))
                    .toList())
            + "]"
        : "[any method]";
  }

  private String url(String name, Binding binding, String prefix) {
    String route = binding.text("route", name);
    String path = (prefix.isEmpty() ? "" : "/" + prefix) + "/" + route;
    boolean open = binding.text("authLevel", "function").equalsIgnoreCase("anonymous");
    return base + path + (open || key == null ? "" : "?code=" + key);
  }

  private static String routePrefix(HostJson host) {
    return host.extensions().get("http") instanceof Map<?, ?> http
            && http.get("routePrefix") instanceof String prefix
        ? prefix.replaceAll("^/+|/+$", "")
        : "api";
  }
}
