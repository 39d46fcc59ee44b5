/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.JobHostState;
import io.manyhands.spi.store.ScheduleStore;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.trigger.InvocationSink;
import io.manyhands.spi.trigger.TriggerApplication;
import io.manyhands.spi.trigger.TriggerListener;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One application's timers. Calls come one at a time. */
final class TimerListener implements TriggerListener {
  private static final Pattern SETTING = Pattern.compile("%([^%]+)%");
  private static final String ZONE = "WEBSITE_TIME_ZONE";

  private final InvocationSink sink;
  private final ScheduleStore store;
  private final TimeSeams time;
  private final Executor blocking;
  private TriggerApplication application;
  private List<TimerLoop> loops = List.of();

  TimerListener(
      TriggerApplication application,
      InvocationSink sink,
      ScheduleStore store,
      TimeSeams time,
      Executor blocking) {
    this.application = application;
    this.sink = sink;
    this.store = store;
    this.time = time;
    this.blocking = blocking;
  }

  @Override
  public Map<String, String> prepare(List<FunctionDefinition> functions) {
    Map<String, String> problems = new TreeMap<>();
    List<TimerLoop> prepared = new ArrayList<>();
    for (FunctionDefinition function : functions) {
      try {
        prepared.add(loop(function));
      } catch (IllegalArgumentException e) {
        problems.put(
            function.name(), "function " + function.name() + ": schedule " + e.getMessage());
      }
    }
    loops = List.copyOf(prepared);
    return problems;
  }

  @Override
  public void onState(JobHostState state) {
    if (state == JobHostState.RUNNING) {
      loops.forEach(TimerLoop::begin);
    } else if (state == JobHostState.DRAINING
        || state == JobHostState.STOPPED
        || state == JobHostState.FAILED) {
      loops.forEach(TimerLoop::end);
    }
  }

  @Override
  public void onApplicationChanged(TriggerApplication changed) {
    application = changed;
  }

  @Override
  public CompletionStage<Void> stop() {
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    loops.forEach(loop -> ends.add(loop.end()));
    return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
  }

  private TimerLoop loop(FunctionDefinition function) {
    Binding trigger =
        function
            .trigger()
            .orElseThrow(
                () -> new IllegalArgumentException("is missing: the function has no trigger"));
    String text = resolve(trigger.text("schedule", ""));
    if (text.isBlank()) {
      throw new IllegalArgumentException(
          "is missing (expected: key \"schedule\" of binding " + trigger.name() + ")");
    }
    Schedule schedule = Schedule.parse(text, zone());
    TimerLoop.Plan plan =
        new TimerLoop.Plan(
            application.id(),
            function.name(),
            schedule,
            flag(trigger.attributes().get("runOnStartup"), false),
            flag(trigger.attributes().get("useMonitor"), true));
    return new TimerLoop(plan, sink, store, time, blocking);
  }

  private String resolve(String text) {
    Matcher matcher = SETTING.matcher(text);
    if (!matcher.matches()) {
      return text;
    }
    String value = application.settings().get(matcher.group(1));
    if (value == null) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\": there is no setting "
              + matcher.group(1)
              + " (expected: an app setting of that name)");
    }
    return value;
  }

  private ZoneId zone() {
    String name = application.settings().getOrDefault(ZONE, "UTC");
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "cannot be read: setting "
              + ZONE
              + " is \""
              + name
              + "\" (expected: an IANA time zone such as Europe/Berlin)",
          e);
    }
  }

  private static boolean flag(@Nullable Object value, boolean standard) {
    return value == null ? standard : Boolean.parseBoolean(value.toString());
  }
}
