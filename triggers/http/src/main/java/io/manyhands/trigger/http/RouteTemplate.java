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
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A route such as {@code orders/{id:int}/lines/{*rest}}: literals (compared without case),
 * parameters with constraints, an optional last one ({@code {id?}}), a catch-all as last.
 * Immutable.
 */
final class RouteTemplate {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,63}");
  private static final int LONGEST = 1024;
  private static final int MATCHED_BY_REGEX = 256;

  private final String text;
  private final List<Segment> segments;

  /** One segment; a literal has no name. */
  private record Segment(
      String literal,
      String name,
      boolean catchAll,
      boolean optional,
      List<Predicate<String>> constraints) {
    boolean isLiteral() {
      return name.isEmpty();
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
      for (int index = 0; index < parts.size(); index++) {
        Segment segment = segment(parts.get(index), route);
        boolean last = index == parts.size() - 1;
        if (!last && (segment.catchAll() || segment.optional())) {
          throw new IllegalArgumentException(
              "route \"" + route + "\": only the last segment may be optional or a catch-all");
        }
        for (Segment other : segments) {
          if (!segment.isLiteral() && other.name().equalsIgnoreCase(segment.name())) {
            throw new IllegalArgumentException(
                "route \"" + route + "\": parameter " + segment.name() + " stands twice");
          }
        }
        segments.add(segment);
      }
    }
    return new RouteTemplate(trimmed, segments);
  }

  /** The parameters where the decoded path segments fit. */
  Optional<Map<String, String>> match(List<String> path) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int index = 0; index < segments.size(); index++) {
      Segment segment = segments.get(index);
      if (segment.catchAll()) {
        values.put(
            segment.name(),
            String.join("/", path.subList(Math.min(index, path.size()), path.size())));
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
        if (value.isEmpty()
            || !segment.constraints().stream().allMatch(constraint -> constraint.test(value))) {
          return Optional.empty();
        }
        values.put(segment.name(), value);
      }
    }
    return path.size() == segments.size() ? Optional.of(values) : Optional.empty();
  }

  /**
   * Sorts the more particular first: literals, then constrained parameters, then parameters, then
   * catch-alls.
   */
  String rank() {
    StringBuilder rank = new StringBuilder();
    for (Segment segment : segments) {
      rank.append(
          segment.catchAll()
              ? '4'
              : segment.isLiteral() ? '1' : segment.constraints().isEmpty() ? '3' : '2');
    }
    return rank.append('5').toString();
  }

  /** Equal for routes that match the same paths as far as their form tells. */
  String shape() {
    StringBuilder shape = new StringBuilder();
    for (Segment segment : segments) {
      shape
          .append('/')
          .append(
              segment.isLiteral()
                  ? segment.literal().toLowerCase(Locale.ROOT)
                  : segment.catchAll()
                      ? "{*}"
                      : segment.constraints().isEmpty()
                          ? "{}"
                          : "{" + segment.name() + text.hashCode() + "}");
    }
    return shape.toString();
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
      throw new IllegalArgumentException("route \"" + route + "\": its braces do not pair");
    }
    parts.add(route.substring(start));
    return parts;
  }

  private static Segment segment(String part, String route) {
    if (part.isEmpty()) {
      throw new IllegalArgumentException("route \"" + route + "\": an empty segment");
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
    List<Predicate<String>> constraints = new ArrayList<>();
    if (colon >= 0) {
      for (String constraint : constraints(inner.substring(colon + 1))) {
        constraints.add(constraint(constraint, route));
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

  private static Predicate<String> constraint(String text, String route) {
    int open = text.indexOf('(');
    String name = (open < 0 ? text : text.substring(0, open)).toLowerCase(Locale.ROOT);
    String argument =
        open < 0 || !text.endsWith(")") ? null : text.substring(open + 1, text.length() - 1);
    return switch (name) {
      case "int" -> value -> isNumber(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case "long" -> value -> isNumber(value, Long.MIN_VALUE, Long.MAX_VALUE);
      case "bool" -> value -> value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
      case "guid" -> matches("\\{?[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\\}?");
      case "alpha" -> matches("[A-Za-z]+");
      case "decimal", "double", "float" ->
          matches("[+-]?(\\d{1,30}(\\.\\d{0,30})?|\\.\\d{1,30})([eE][+-]?\\d{1,3})?");
      case "datetime" ->
          matches(
              "\\d{4}-\\d{1,2}-\\d{1,2}([T ]\\d{1,2}:\\d{2}(:\\d{2}(\\.\\d{1,7})?)?(Z|[+-]\\d{2}:\\d{2})?)?");
      case "minlength" -> {
        long least = number(argument, 0, text, route);
        yield value -> value.length() >= least;
      }
      case "maxlength" -> {
        long most = number(argument, 0, text, route);
        yield value -> value.length() <= most;
      }
      case "length" -> {
        long least = number(argument, 0, text, route);
        long most = number(argument, 1, text, route);
        yield value -> value.length() >= least && value.length() <= most;
      }
      case "min" -> {
        long least = number(argument, 0, text, route);
        yield value -> isNumber(value, least, Long.MAX_VALUE);
      }
      case "max" -> {
        long most = number(argument, 0, text, route);
        yield value -> isNumber(value, Long.MIN_VALUE, most);
      }
      case "range" -> {
        long least = number(argument, 0, text, route);
        long most = number(argument, 1, text, route);
        yield value -> isNumber(value, least, most);
      }
      case "regex" -> regex(argument, route);
      default ->
          throw new IllegalArgumentException(
              "route \""
                  + route
                  + "\": constraint "
                  + text
                  + " (known: int, long, bool, guid, alpha, decimal, double, float, datetime, length, minlength, maxlength, min, max, range, regex)");
    };
  }

  private static Predicate<String> matches(String pattern) {
    return Pattern.compile(pattern).asMatchPredicate();
  }

  /** A tenant's own pattern only ever sees short text, which bounds how long it can take. */
  private static Predicate<String> regex(@Nullable String argument, String route) {
    try {
      Predicate<String> found =
          Pattern.compile(argument == null ? "" : argument, Pattern.CASE_INSENSITIVE).asPredicate();
      return value -> value.length() <= MATCHED_BY_REGEX && found.test(value);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "route \"" + route + "\": constraint regex(" + argument + "): " + e.getDescription());
    }
  }

  private static boolean isNumber(String value, long least, long most) {
    try {
      long number = Long.parseLong(value);
      return number >= least && number <= most;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** The argument of that index; a single one serves for both. */
  private static long number(
      @Nullable String argument, int index, String constraint, String route) {
    String[] parts = argument == null ? new String[0] : argument.split(",");
    try {
      return Long.parseLong(parts[Math.min(index, parts.length - 1)].trim());
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "route \""
              + route
              + "\": constraint "
              + constraint
              + " (expected: whole numbers in parentheses)");
    }
  }
}
