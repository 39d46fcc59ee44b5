/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.worker.WorkerStack;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppPreparationTest {
  private final AppPreparation preparation =
      new AppPreparation(Duration.ofMinutes(5), new byte[] {1, 2, 3});

  @Test
  void officialJavaWithoutFunctionJsonIsRefusedRatherThanAskedWhatKillsIt() {
    assertThatThrownBy(() -> preparation.prepare(application("java").build()))
        .hasMessageContaining("function.json");
  }

  @Test
  void settingOfTheProtocolIsRefusedByName() {
    assertThatThrownBy(
            () ->
                preparation.prepare(
                    application("node").setting("FUNCTIONS_WORKER_RUNTIME", "x").build()))
        .hasMessageContaining("FUNCTIONS_WORKER_RUNTIME");
  }

  @Test
  void revisionFollowsSettingsAndNotKeysOrHostNames() {
    String first = revision(application("node").setting("A", "1"));

    assertThat(revision(application("node").setting("A", "1").hostName("a.example")))
        .isEqualTo(first);
    assertThat(revision(application("node").setting("A", "2"))).isNotEqualTo(first);
    assertThat(revision(application("python").setting("A", "1"))).isNotEqualTo(first);
  }

  @Test
  void pythonGetsAsManyThreadsAsSlots() {
    PreparedApp app = preparation.prepare(application("python").build());

    assertThat(app.target().environment())
        .containsEntry("PYTHON_THREADPOOL_THREAD_COUNT", Integer.toString(app.target().slots()));
  }

  private String revision(ApplicationDefinition.Builder definition) {
    return preparation.prepare(definition.build()).target().revision().value();
  }

  private static ApplicationDefinition.Builder application(String language) {
    return ApplicationDefinition.builder("a")
        .tenant("t")
        .stack(WorkerStack.of(language))
        .content(new ApplicationContent.Inline(List.of(), ""));
  }
}
