/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.ApplicationId;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What host.json says in {@code extensions.http}. Keys that are not known are kept out of the way,
 * as in all of host.json.
 *
 * @param routePrefix of all routes; {@code api} by default, empty for none
 * @param maximumOutstanding requests that run or wait for their turn; 0 is no limit
 * @param maximumConcurrent requests that run; 0 is no limit
 * @param customHeaders of every answer
 * @param strictTransport the value of Strict-Transport-Security, for answers over https
 */
record HostSection(
    String routePrefix,
    int maximumOutstanding,
    int maximumConcurrent,
    Map<String, String> customHeaders,
    Optional<String> strictTransport) {
  private static final int YEAR_SECONDS = 31_536_000;

  HostSection {
    customHeaders = Map.copyOf(customHeaders);
  }

  static HostSection defaults() {
    return new HostSection("api", 0, 0, Map.of(), Optional.empty());
  }

  /** Throws INVALID_ARGUMENT naming application, key, value and what was expected. */
  static HostSection of(ApplicationId application, Map<String, Object> extensions) {
    Reader http = new Reader(application, "extensions.http", extensions.get("http"));
    Reader hsts = http.section("hsts");
    Map<String, String> headers = new TreeMap<>();
    Reader custom = http.section("customHeaders");
    custom.values.keySet().forEach(name -> headers.put(name, custom.header(name)));
    return new HostSection(
        http.prefix("routePrefix"),
        http.limit("maxOutstandingRequests"),
        http.limit("maxConcurrentRequests"),
        headers,
        hsts.flag("isEnabled") ? Optional.of(hsts.strictTransport()) : Optional.empty());
  }

  /** One object of host.json, read strictly. */
  private static final class Reader {
    private final ApplicationId application;
    private final String path;
    private final Map<String, Object> values = new TreeMap<>();

    Reader(ApplicationId application, String path, @Nullable Object object) {
      this.application = application;
      this.path = path;
      if (object instanceof Map<?, ?> map) {
        map.forEach((key, value) -> values.put(String.valueOf(key), value));
      } else if (object != null) {
        throw invalid("", object, "an object");
      }
    }

    Reader section(String key) {
      return new Reader(application, path + "." + key, values.get(key));
    }

    String prefix(String key) {
      Object value = values.get(key);
      if (value == null) {
        return "api";
      }
      if (!(value instanceof String text)) {
        throw invalid(key, value, "text such as \"api\", or \"\" for none");
      }
      String trimmed = text.startsWith("/") ? text.substring(1) : text;
      trimmed = trimmed.endsWith("/") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
      if (trimmed.indexOf('{') >= 0) {
        throw invalid(key, value, "text without parameters");
      }
      try {
        RouteTemplate.parse(trimmed);
      } catch (IllegalArgumentException e) {
        throw invalid(key, value, "a path such as \"api\" or \"shop/v1\": " + e.getMessage());
      }
      return trimmed;
    }

    /** -1 is no limit there, 0 here. */
    int limit(String key) {
      Object value = values.get(key);
      if (value == null) {
        return 0;
      }
      if (value instanceof Number number
          && number.doubleValue() == number.intValue()
          && (number.intValue() > 0 || number.intValue() == -1)) {
        return Math.max(0, number.intValue());
      }
      throw invalid(key, value, "a whole number from 1, or -1 for no limit");
    }

    boolean flag(String key) {
      Object value = values.get(key);
      if (value == null || value instanceof Boolean) {
        return Boolean.TRUE.equals(value);
      }
      throw invalid(key, value, "true or false");
    }

    String header(String name) {
      Object value = values.get(name);
      if (value instanceof String text
          && HeaderRules.isName(name)
          && HeaderRules.isValue(text)
          && !HeaderRules.isServers(name)) {
        return text;
      }
      throw invalid(name, value, "a header that does not belong to the connection, and its text");
    }

    String strictTransport() {
      Object age = values.get("maxAge");
      int seconds = age == null ? YEAR_SECONDS : seconds(age);
      return "max-age="
          + seconds
          + (flag("includeSubDomains") ? "; includeSubDomains" : "")
          + (flag("preload") ? "; preload" : "");
    }

    /** As seconds, or as {@code d.hh:mm:ss} or a number of days. */
    private int seconds(Object age) {
      String[] parts = age.toString().split("[.:]");
      try {
        if (parts.length == 1) {
          return Math.multiplyExact(Integer.parseInt(parts[0]), 86_400);
        }
        if (parts.length == 3 || parts.length == 4) {
          int days = parts.length == 4 ? Integer.parseInt(parts[0]) : 0;
          int offset = parts.length - 3;
          return Math.addExact(
              Math.multiplyExact(days, 86_400),
              Integer.parseInt(parts[offset]) * 3600
                  + Integer.parseInt(parts[offset + 1]) * 60
                  + Integer.parseInt(parts[offset + 2]));
        }
      } catch (ArithmeticException | NumberFormatException e) {
        // said below
      }
      throw invalid("maxAge", age, "a number of days, or d.hh:mm:ss");
    }

    private ManyhandsException invalid(String key, @Nullable Object value, String expected) {
      return new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "application "
              + application
              + ": host.json: "
              + path
              + (key.isEmpty() ? "" : "." + key)
              + ": "
              + (value instanceof String ? "\"" + value + "\"" : value)
              + " (expected: "
              + expected
              + ")");
    }
  }
}
