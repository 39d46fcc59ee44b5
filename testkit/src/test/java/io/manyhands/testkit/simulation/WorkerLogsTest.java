/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.core.logs.WorkerLog;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What workers log, as it reaches the log of this JVM. */
class WorkerLogsTest {
  private final List<String> lines = new ArrayList<>();

  @BeforeEach
  void read() {
    SimulationLogs.requireChosen();
    SimulationLogs.readWith(
        new SimulationLogs.Reader() {
          @Override
          public boolean readsAll() {
            return true;
          }

          @Override
          public void onLog(String line, @Nullable Throwable thrown, boolean ownError) {
            lines.add(line);
          }
        });
  }

  @AfterEach
  void readNoMore() {
    SimulationLogs.readWith(null);
  }

  @Test
  void entryThatComesAfterItsAnswerIsKept() {
    try (InMemoryRuntime world = InMemoryRuntime.start(options -> options.placeholders(FAKE, 0))) {
      world.script().function("fast", request -> Reply.succeed(Payload.text("hi")));
      world.deploy("greeter");
      assertThat(world.call("greeter", "fast").succeeded()).isTrue();
      FakeWorker worker = world.provisioner().delivered().get(0);
      String answered = worker.received(HostMessage.InvocationRequest.class).get(0).invocationId();

      worker.say(new WorkerMessage.Log(entry(answered, "words after the answer")));
      world.advance(Duration.ofMillis(1));

      assertThat(lines).filteredOn(line -> line.contains("words after the answer")).hasSize(1);
    }
  }

  @Test
  void backlogIsBoundedAndWhatWasDroppedIsSaid() {
    Deque<Runnable> waiting = new ArrayDeque<>();
    WorkerLog log = new WorkerLog(new WorkerId("flooding"), waiting::add, new Metrics(), 10);

    for (int number = 0; number < 1500; number++) {
      log.onEntry(entry("", "words of a flood"), null);
    }
    assertThat(lines).isEmpty();
    while (!waiting.isEmpty()) {
      waiting.remove().run();
    }

    assertThat(lines).filteredOn(line -> line.contains("words of a flood")).hasSize(1000);
    assertThat(lines).filteredOn(line -> line.contains("500 log entries")).hasSize(1);
  }

  private static WorkerMessage.LogEntry entry(String invocation, String words) {
    return new WorkerMessage.LogEntry(invocation, "Function", 2, words, false, Optional.empty());
  }
}
