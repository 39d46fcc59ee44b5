/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.StatusInfo;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Workers that answer a specialization's steps too often, or not as other workers did. */
class SpecializationOrderTest {
  @Test
  void answersThatComeTwiceRepeatNoStep() {
    try (InMemoryRuntime runtime =
        InMemoryRuntime.start(options -> options.placeholders(FAKE, 1))) {
      runtime.script().function("hello", request -> Reply.succeed(Payload.text("hi")));
      runtime.script().answersTwice(true);
      FakeWorker worker = runtime.provisioner().delivered().get(0);

      runtime.deploy("a");

      assertThat(worker.received(HostMessage.FunctionsMetadataRequest.class)).hasSize(1);
      assertThat(worker.received(HostMessage.FunctionLoadRequest.class)).hasSize(1);
      assertThat(runtime.call("a", "hello").succeeded()).isTrue();
    }
  }

  @Test
  void workerThatCannotLoadWhatAnotherLoadedIsReplaced() {
    try (InMemoryRuntime runtime =
        InMemoryRuntime.start(options -> options.placeholders(FAKE, 1))) {
      runtime.script().function("hello", request -> Reply.succeed(Payload.text("hi")));
      runtime.deploy("a");
      runtime.advance(Duration.ofSeconds(1));
      runtime.script().load(StatusInfo.failure("disk full"));
      alive(runtime).forEach(FakeWorker::die);
      runtime.advance(Duration.ofSeconds(5));
      assertThat(specialized(runtime)).isEmpty();

      runtime.script().load(StatusInfo.success());

      assertThat(runtime.call("a", "hello").succeeded()).isTrue();
    }
  }

  private static List<FakeWorker> alive(InMemoryRuntime runtime) {
    List<WorkerInfo> workers = specialized(runtime);
    return runtime.provisioner().alive().stream()
        .filter(worker -> workers.stream().anyMatch(info -> info.id().equals(worker.id())))
        .toList();
  }

  private static List<WorkerInfo> specialized(InMemoryRuntime runtime) {
    return runtime.runtime().workers().workers().stream()
        .filter(worker -> worker.application().filter(ApplicationId.of("a")::equals).isPresent())
        .toList();
  }
}
