/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.spi.trigger.TriggerApplication;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the binding of a function on a schedule. What it refuses is thrown as
 * IllegalArgumentException and shows what stands in the binding, never what stands in a setting.
 */
final class TimerBinding {
  private static final Pattern SETTING = Pattern.compile("%([^%]+)%");
  private static final String ZONE = "WEBSITE_TIME_ZONE";

  private final TriggerApplication application;
  private final FunctionDefinition function;

  TimerBinding(TriggerApplication application, FunctionDefinition function) {
    this.application = application;
    this.function = function;
  }

  /** For messages. */
  static String described(FunctionDefinition function) {
    return "function "
        + function.name()
        + (function.directory().isEmpty() ? "" : " (" + function.directory() + ")");
  }

  TimerLoop.Plan plan() {
    Binding trigger =
        function.trigger().orElseThrow(() -> new IllegalArgumentException("has no trigger"));
    return new TimerLoop.Plan(
        application.id(),
        function.name(),
        schedule(trigger),
        flag(trigger, "runOnStartup", false),
        flag(trigger, "useMonitor", true));
  }

  private Schedule schedule(Binding trigger) {
    Object value = trigger.attributes().get("schedule");
    if (!(value instanceof String text) || text.isBlank()) {
      throw new IllegalArgumentException(
          "key schedule of binding "
              + trigger.name()
              + (value == null ? " is missing" : ": " + value)
              + " (expected: "
              + Schedule.EXPECTED
              + ")");
    }
    ZoneId zone = zone();
    String resolved = resolve(text);
    try {
      return Schedule.parse(resolved, zone);
    } catch (IllegalArgumentException e) {
      throw resolved.equals(text)
          ? new IllegalArgumentException("schedule " + e.getMessage(), e)
          : new IllegalArgumentException(
              "schedule \""
                  + text
                  + "\": what the settings say there is none (expected: "
                  + Schedule.EXPECTED
                  + ")");
    }
  }

  private String resolve(String text) {
    Matcher matcher = SETTING.matcher(text);
    return matcher.replaceAll(
        found -> {
          String value = application.settings().get(found.group(1));
          if (value == null) {
            throw new IllegalArgumentException(
                "schedule \""
                    + text
                    + "\": there is no setting "
                    + found.group(1)
                    + " (expected: an app setting of that name)");
          }
          return Matcher.quoteReplacement(value);
        });
  }

  private ZoneId zone() {
    try {
      return ZoneId.of(application.settings().getOrDefault(ZONE, "UTC"));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "setting "
              + ZONE
              + " names no time zone that is known here (expected: an IANA name such as"
              + " Europe/Berlin)",
          e);
    }
  }

  private static boolean flag(Binding trigger, String key, boolean standard) {
    Object value = trigger.attributes().get(key);
    String text = value == null ? Boolean.toString(standard) : value.toString();
    if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
      throw new IllegalArgumentException(
          "key "
              + key
              + " of binding "
              + trigger.name()
              + ": "
              + value
              + " (expected: true or false)");
    }
    return Boolean.parseBoolean(text);
  }
}
