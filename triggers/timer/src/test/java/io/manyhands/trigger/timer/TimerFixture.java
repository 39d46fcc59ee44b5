/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import io.manyhands.api.app.AccessKeys;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.app.TenantId;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.store.ScheduleStore;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerApplication;
import io.manyhands.spi.trigger.TriggerListener;
import io.manyhands.testkit.FakePluginContext;
import io.manyhands.testkit.VirtualTime;
import io.manyhands.testkit.contract.RecordingSink;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Timers on virtual time, with a sink that the test answers. It begins at midnight, 2026-01-01. */
final class TimerFixture {
  static final ApplicationId SHOP = ApplicationId.of("shop");

  final VirtualTime time;
  final ScheduleStore store;
  final FakePluginContext context;
  final Map<String, String> settings = new HashMap<>();
  private Trigger trigger;

  TimerFixture(VirtualTime time, FakePluginContext context) {
    this.time = time;
    this.context = context;
    this.store = context.scheduleStore();
    this.trigger = create();
  }

  private TimerFixture(VirtualTime time, ScheduleStore store) {
    this(time, FakePluginContext.of(time).withScheduleStore(store));
  }

  TimerFixture(ScheduleStore store) {
    this(new VirtualTime(1), store);
  }

  TimerFixture() {
    this(new MemoryScheduleStore());
  }

  private Trigger create() {
    return new TimerTriggerFactory().create(new PluginConfig("trigger timer", Map.of()), context);
  }

  /** Everything that was in the process's memory is gone; what was under way never comes back. */
  void crash() {
    trigger = create();
  }

  /** One revision of the application {@code shop}. */
  final class App {
    final RecordingSink sink = new RecordingSink().answering(Payload.empty());
    final TriggerListener listener;

    App() {
      listener =
          trigger.listen(
              new TriggerApplication(
                  SHOP,
                  TenantId.of("tenant"),
                  AccessKeys.none(),
                  List.of(),
                  Map.of(),
                  Optional.empty(),
                  settings),
              sink);
    }

    App run(FunctionDefinition... functions) {
      Map<String, String> problems = listener.prepare(List.of(functions));
      if (!problems.isEmpty()) {
        throw new AssertionError(problems);
      }
      listener.onState(JobHostState.RUNNING);
      time.runUntilIdle();
      return this;
    }

    int fired() {
      return sink.submissions().size();
    }

    String payload(int index) {
      return sink.submissions().get(index).invocation().payload().asText();
    }

    boolean isPastDue(int index) {
      return payload(index).contains("\"IsPastDue\":true");
    }
  }

  App app() {
    return new App();
  }

  /** Starts a revision with one function. */
  App run(FunctionDefinition function) {
    return app().run(function);
  }

  static FunctionDefinition function(String schedule) {
    return function("tick", Map.of("schedule", schedule));
  }

  static FunctionDefinition function(String name, Map<String, Object> attributes) {
    return new FunctionDefinition(
        name,
        "",
        "",
        "",
        "",
        List.of(new Binding("timer", "timerTrigger", Binding.Direction.IN, attributes, "{}")),
        Map.of());
  }

  void advance(Duration by) {
    time.advance(by);
  }

  Optional<Instant> next() {
    return store.read(SHOP, "tick").map(ScheduleStore.ScheduleStatus::next);
  }
}
