/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.JobHostState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands in a timer's binding, and in the settings that it names. */
class TimerBindingTest {
  private final TimerFixture timers = new TimerFixture();

  static Stream<Arguments> malformed() {
    Map<String, Object> none = new HashMap<>();
    none.put("schedule", null);
    return Stream.of(
        Arguments.of(Map.of(), "key schedule of binding timer is missing"),
        Arguments.of(none, "key schedule of binding timer is missing"),
        Arguments.of(Map.of("schedule", 5), "key schedule of binding timer: 5"),
        Arguments.of(Map.of("schedule", " "), "key schedule of binding timer:  "),
        Arguments.of(Map.of("schedule", "soon"), "schedule \"soon\": 1 fields"),
        Arguments.of(Map.of("schedule", "61 * * * * *"), "schedule \"61 * * * * *\""),
        Arguments.of(Map.of("schedule", "* * * * * * *"), "7 fields"),
        Arguments.of(Map.of("schedule", "0 0 0 31 2 *"), "it never comes"),
        Arguments.of(Map.of("schedule", "00:00:00"), "at least one second"),
        Arguments.of(Map.of("schedule", "00:75:00"), "schedule \"00:75:00\""),
        Arguments.of(Map.of("schedule", "%NOBODY%"), "there is no setting NOBODY"),
        Arguments.of(
            Map.of("schedule", "* * * * * *", "runOnStartup", "maybe"),
            "key runOnStartup of binding timer: maybe"),
        Arguments.of(
            Map.of("schedule", "* * * * * *", "useMonitor", 1),
            "key useMonitor of binding timer: 1"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void malformedBindingFailsItsFunctionAloneNamingKeyValueAndWhatIsExpected(
      Map<String, Object> attributes, String problem) {
    TimerFixture.App app = timers.app();
    Map<String, String> problems =
        app.listener.prepare(
            List.of(
                TimerFixture.function("bad", attributes),
                TimerFixture.function("good", Map.of("schedule", "0 * * * * *"))));

    assertThat(problems).containsOnlyKeys("bad");
    assertThat(problems.get("bad"))
        .startsWith("function bad: ")
        .contains(problem)
        .contains("expected: ");
    app.listener.onState(JobHostState.RUNNING);
    timers.advance(Duration.ofMinutes(1));
    assertThat(app.sink.functions()).containsExactly("good");
  }

  @Test
  void problemNamesTheFolder() {
    FunctionDefinition bad =
        new FunctionDefinition(
            "bad",
            "/app/bad",
            "",
            "",
            "",
            List.of(
                new Binding(
                    "timer", "timerTrigger", Binding.Direction.IN, Map.of("schedule", "x"), "{}")),
            Map.of());

    assertThat(timers.app().listener.prepare(List.of(bad)).get("bad"))
        .startsWith("function bad (/app/bad): schedule \"x\"");
  }

  @Test
  void settingsStandForTheScheduleOrPartsOfIt() {
    timers.settings.put("WHEN", "0 */10 * * * *");
    timers.settings.put("MINUTE", "*/10");
    TimerFixture.App app =
        timers
            .app()
            .run(
                TimerFixture.function("whole", Map.of("schedule", "%WHEN%")),
                TimerFixture.function("part", Map.of("schedule", "0 %MINUTE% * * * *")));

    timers.advance(Duration.ofMinutes(10));

    assertThat(app.sink.functions()).containsExactlyInAnyOrder("whole", "part");
  }

  @Test
  void whatStandsInASettingIsNeverShown() {
    timers.settings.put("WHEN", "secret-value");
    assertThat(problem("%WHEN%"))
        .contains("%WHEN%")
        .contains("expected: ")
        .doesNotContain("secret");

    timers.settings.put("WHEN", "0 * * * * *");
    timers.settings.put("WEBSITE_TIME_ZONE", "Secret/Zone");
    assertThat(problem("%WHEN%"))
        .contains("setting WEBSITE_TIME_ZONE")
        .contains("Europe/Berlin")
        .doesNotContain("Secret");
  }

  @Test
  void zoneOfTheApplicationCounts() {
    timers.settings.put("WEBSITE_TIME_ZONE", "America/New_York");
    TimerFixture.App app = timers.run(TimerFixture.function("0 0 0 * * *"));

    timers.advance(Duration.ofHours(5).minusSeconds(1));
    assertThat(app.fired()).isZero();
    timers.advance(Duration.ofSeconds(1));

    assertThat(app.fired()).isEqualTo(1);
  }

  private String problem(String schedule) {
    return timers
        .app()
        .listener
        .prepare(List.of(TimerFixture.function("bad", Map.of("schedule", schedule))))
        .get("bad");
  }
}
