/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A route such as {@code orders/{id:int}/lines/{*rest}}: literals (compared without case),
 * parameters with constraints, an optional last one ({@code {id?}}), a catch-all as last.
 * Immutable.
 */
final class RouteTemplate {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,63}");
  private static final int LONGEST = 1024;
  private static final int MOST_SEGMENTS = 100;

  private final String text;
  private final List<Segment> segments;

  /** One segment; a literal has no name. */
  private record Segment(
      String literal,
      String name,
      boolean catchAll,
      boolean optional,
      List<RouteConstraint> constraints) {
    boolean isLiteral() {
      return name.isEmpty();
    }

    boolean accepts(String value) {
      for (RouteConstraint constraint : constraints) {
        if (!constraint.accepts(value)) {
          return false;
        }
      }
      return true;
    }

    /** Equal for parameters that take the same values, whatever they are called. */
    String shape() {
      return isLiteral()
          ? literal.toLowerCase(Locale.ROOT)
          : (catchAll ? "{*" : "{")
              + constraints.stream()
                  .map(RouteConstraint::text)
                  .sorted()
                  .collect(Collectors.joining(":"))
              + "}";
    }
  }

  private RouteTemplate(String text, List<Segment> segments) {
    this.text = text;
    this.segments = List.copyOf(segments);
  }

  /** Throws IllegalArgumentException that says what is wrong. */
  static RouteTemplate parse(String route) {
    if (route.length() > LONGEST) {
      throw new IllegalArgumentException(
          "a route of " + route.length() + " characters (expected: at most " + LONGEST + ")");
    }
    String trimmed = route.startsWith("/") ? route.substring(1) : route;
    trimmed = trimmed.endsWith("/") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
    List<Segment> segments = new ArrayList<>();
    if (!trimmed.isEmpty()) {
      List<String> parts = split(trimmed);
      if (parts.size() > MOST_SEGMENTS) {
        throw new IllegalArgumentException(
            "a route of " + parts.size() + " segments (expected: at most " + MOST_SEGMENTS + ")");
      }
      for (int index = 0; index < parts.size(); index++) {
        Segment segment = segment(parts.get(index), route);
        boolean last = index == parts.size() - 1;
        if (!last && (segment.catchAll() || segment.optional())) {
          throw new IllegalArgumentException(
              "route \""
                  + route
                  + "\": segment "
                  + parts.get(index)
                  + " (expected: only the last one optional or a catch-all)");
        }
        for (Segment other : segments) {
          if (!segment.isLiteral() && other.name().equalsIgnoreCase(segment.name())) {
            throw new IllegalArgumentException(
                "route \""
                    + route
                    + "\": parameter "
                    + segment.name()
                    + " stands twice (expected: a name of its own)");
          }
        }
        segments.add(segment);
      }
    }
    return new RouteTemplate(trimmed, segments);
  }

  /** The parameters where the decoded path segments fit. */
  Optional<Map<String, String>> match(List<String> path) {
    if (!canMatch(path)) {
      return Optional.empty();
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (int index = 0; index < segments.size(); index++) {
      Segment segment = segments.get(index);
      if (segment.catchAll()) {
        String rest = String.join("/", path.subList(Math.min(index, path.size()), path.size()));
        if (!rest.isEmpty() && !segment.accepts(rest)) {
          return Optional.empty();
        }
        values.put(segment.name(), rest);
        return Optional.of(values);
      }
      if (index >= path.size()) {
        return segment.optional() ? Optional.of(values) : Optional.empty();
      }
      String value = path.get(index);
      if (segment.isLiteral()) {
        if (!segment.literal().equalsIgnoreCase(value)) {
          return Optional.empty();
        }
      } else {
        if (!segment.accepts(value)) {
          return Optional.empty();
        }
        values.put(segment.name(), value);
      }
    }
    return path.size() == segments.size() ? Optional.of(values) : Optional.empty();
  }

  /** A cheap look: most routes of an application are ruled out by it. */
  private boolean canMatch(List<String> path) {
    if (segments.isEmpty()) {
      return path.isEmpty();
    }
    Segment first = segments.get(0);
    Segment last = segments.get(segments.size() - 1);
    int least = segments.size() - (last.optional() || last.catchAll() ? 1 : 0);
    return path.size() >= least
        && (path.size() <= segments.size() || last.catchAll())
        && (path.isEmpty() || !first.isLiteral() || first.literal().equalsIgnoreCase(path.get(0)));
  }

  /**
   * Sorts the more particular first: the route's end, then literals, constrained parameters,
   * parameters, catch-alls.
   */
  String rank() {
    StringBuilder rank = new StringBuilder();
    for (Segment segment : segments) {
      rank.append(
          segment.catchAll()
              ? '4'
              : segment.isLiteral() ? '1' : segment.constraints().isEmpty() ? '3' : '2');
    }
    return rank.append('0').toString();
  }

  /** Equal for routes that match the same paths as far as their form tells. */
  String shape() {
    return segments.stream().map(Segment::shape).collect(Collectors.joining("/"));
  }

  @Override
  public String toString() {
    return text;
  }

  private static List<String> split(String route) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int index = 0; index < route.length(); index++) {
      char character = route.charAt(index);
      depth += character == '{' ? 1 : character == '}' ? -1 : 0;
      if (character == '/' && depth == 0) {
        parts.add(route.substring(start, index));
        start = index + 1;
      }
    }
    if (depth != 0) {
      throw new IllegalArgumentException(
          "route \"" + route + "\": its braces do not pair (expected: one } for each {)");
    }
    parts.add(route.substring(start));
    return parts;
  }

  private static Segment segment(String part, String route) {
    if (part.isEmpty()) {
      throw new IllegalArgumentException(
          "route \"" + route + "\": an empty segment (expected: text, or one parameter in braces)");
    }
    if (!part.startsWith("{")) {
      if (part.indexOf('{') >= 0 || part.indexOf('}') >= 0) {
        throw new IllegalArgumentException(
            "route \""
                + route
                + "\": segment "
                + part
                + " (expected: text, or one parameter in braces)");
      }
      return new Segment(part, "", false, false, List.of());
    }
    if (!part.endsWith("}")) {
      throw new IllegalArgumentException(
          "route \""
              + route
              + "\": segment "
              + part
              + " (expected: one parameter in braces and nothing else)");
    }
    String inner = part.substring(1, part.length() - 1);
    boolean catchAll = inner.startsWith("*");
    inner = inner.replaceFirst("^\\*{1,2}", "");
    boolean optional = inner.endsWith("?");
    inner = optional ? inner.substring(0, inner.length() - 1) : inner;
    int colon = inner.indexOf(':');
    String name = colon < 0 ? inner : inner.substring(0, colon);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "route \""
              + route
              + "\": parameter name \""
              + name
              + "\" (expected: letters, digits, _ and -, a letter first)");
    }
    List<RouteConstraint> constraints = new ArrayList<>();
    if (colon >= 0) {
      for (String constraint : constraints(inner.substring(colon + 1))) {
        try {
          constraints.add(RouteConstraint.parse(constraint));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException("route \"" + route + "\": " + e.getMessage(), e);
        }
      }
    }
    return new Segment("", name, catchAll, optional, List.copyOf(constraints));
  }

  private static List<String> constraints(String text) {
    List<String> found = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int index = 0; index < text.length(); index++) {
      char character = text.charAt(index);
      depth += character == '(' ? 1 : character == ')' ? -1 : 0;
      if (character == ':' && depth == 0) {
        found.add(text.substring(start, index));
        start = index + 1;
      }
    }
    found.add(text.substring(start));
    return found;
  }
}
