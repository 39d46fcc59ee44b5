/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a route demands of a parameter, such as {@code int} or {@code length(2,8)}. Matching takes
 * time linear in the value's length, whatever pattern an application gives. Immutable.
 *
 * @param text in one form for constraints that are the same
 * @param test what the value must pass
 */
record RouteConstraint(String text, Predicate<String> test) {
  private static final String KNOWN =
      "int, long, bool, guid, alpha, decimal, double, float, datetime, length, minlength,"
          + " maxlength, min, max, range, regex, required";

  boolean accepts(String value) {
    return test.test(value);
  }

  /** Throws IllegalArgumentException that says what was expected. */
  static RouteConstraint parse(String text) {
    int open = text.indexOf('(');
    String name = (open < 0 ? text : text.substring(0, open)).toLowerCase(Locale.ROOT);
    if (open >= 0 && !text.endsWith(")")) {
      throw new IllegalArgumentException(
          "constraint " + text + " (expected: a parenthesis at its end)");
    }
    String argument = open < 0 ? null : text.substring(open + 1, text.length() - 1);
    Predicate<String> test =
        switch (name) {
          case "minlength", "maxlength", "length", "min", "max", "range" ->
              numeric(name, argument, text);
          case "regex" -> regex(argument);
          default -> simple(name, text);
        };
    return new RouteConstraint(argument == null ? name : name + "(" + argument + ")", test);
  }

  private static Predicate<String> simple(String name, String text) {
    return switch (name) {
      case "int" -> value -> isNumber(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case "long" -> value -> isNumber(value, Long.MIN_VALUE, Long.MAX_VALUE);
      case "bool" -> value -> value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
      case "guid" -> matches("\\{?[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\\}?");
      case "alpha" -> matches("[A-Za-z]+");
      case "decimal", "double", "float" ->
          matches("[+-]?([0-9]{1,30}(\\.[0-9]{0,30})?|\\.[0-9]{1,30})([eE][+-]?[0-9]{1,3})?");
      case "datetime" ->
          matches(
              "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
                  + "([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,7})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?");
      case "required" -> value -> !value.isEmpty();
      default ->
          throw new IllegalArgumentException("constraint " + text + " (known: " + KNOWN + ")");
    };
  }

  private static Predicate<String> numeric(String name, @Nullable String argument, String text) {
    boolean two = name.equals("range");
    boolean oneOrTwo = name.equals("length");
    String[] parts = argument == null ? new String[0] : argument.split(",", -1);
    if (parts.length != (two ? 2 : 1) && !(oneOrTwo && parts.length == 2)) {
      throw new IllegalArgumentException(
          "constraint "
              + text
              + " (expected: "
              + (two
                  ? "two whole numbers"
                  : oneOrTwo ? "one or two whole numbers" : "one whole number")
              + " in parentheses)");
    }
    long first = number(parts[0], text);
    long last = number(parts[parts.length - 1], text);
    return switch (name) {
      case "minlength" -> value -> value.length() >= first;
      case "maxlength" -> value -> value.length() <= first;
      case "length" -> value -> value.length() >= first && value.length() <= last;
      case "min" -> value -> isNumber(value, first, Long.MAX_VALUE);
      case "max" -> value -> isNumber(value, Long.MIN_VALUE, first);
      default -> value -> isNumber(value, first, last);
    };
  }

  private static Predicate<String> matches(String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    return compiled::matches;
  }

  /** Braces are doubled inside a route's braces, and may be single where they pair. */
  private static Predicate<String> regex(@Nullable String argument) {
    String pattern = argument == null ? "" : argument.replace("{{", "{").replace("}}", "}");
    if (pattern.isEmpty()) {
      throw new IllegalArgumentException(
          "constraint regex (expected: a regular expression in parentheses)");
    }
    if (RegexSize.of(pattern) > RegexSize.LARGEST) {
      throw new IllegalArgumentException(
          "constraint regex("
              + argument
              + "): too large once its repetitions are written out (expected: at most "
              + RegexSize.LARGEST
              + " steps)");
    }
    try {
      Pattern compiled = Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
      return value -> compiled.matcher(value).find();
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "constraint regex("
              + argument
              + "): "
              + e.getDescription()
              + " (expected: RE2 syntax, which has no look-around and no back references)",
          e);
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

  private static long number(String text, String constraint) {
    try {
      return Long.parseLong(text.trim());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "constraint " + constraint + " (expected: whole numbers in parentheses)", e);
    }
  }
}
