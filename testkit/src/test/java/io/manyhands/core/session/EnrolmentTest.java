/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerEnrolments;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers of a pool, and strangers, at the door of a whole Runtime. */
final class EnrolmentTest {
  private final InMemoryRuntime world = InMemoryRuntime.start(options -> options);

  @AfterEach
  void end() {
    world.close();
  }

  @Test
  void workerOfAPoolIsGivenAnIdAndIsAPlaceholderOfNobody() {
    WorkerEnrolments.Issued issued = issue();
    FakeWorker worker = world.provisioner().stranger(InMemoryRuntime.GUEST);
    worker.connectRaw(world.network(), enrols(issued.credential()));
    world.advance(Duration.ofSeconds(1));

    HostMessage.LinkWelcome welcome = worker.received(HostMessage.LinkWelcome.class).get(0);
    WorkerInfo info =
        world.runtime().workers().find(new WorkerId(welcome.workerId())).orElseThrow();
    assertThat(info.state()).isEqualTo(WorkerState.PLACEHOLDER);
    assertThat(info.tenant()).isEmpty();
    assertThat(world.runtime().enrolments().list().get(0).workers()).isEqualTo(1);

    FakeWorker second = world.provisioner().stranger(InMemoryRuntime.GUEST);
    second.connectRaw(world.network(), enrols(issued.credential()));
    world.advance(Duration.ofSeconds(1));
    assertThat(second.received(HostMessage.LinkRefusal.class)).hasSize(1);

    worker.die();
    world.advance(Duration.ofMinutes(1));
    assertThat(world.runtime().enrolments().list().get(0).workers()).isZero();
  }

  @Test
  void strangerIsRefusedCountedAndTakesNothing() {
    FakeWorker stranger = world.provisioner().stranger(InMemoryRuntime.GUEST);
    stranger.connectRaw(world.network(), enrols("mhe1.0.0"));
    world.advance(Duration.ofSeconds(1));

    assertThat(stranger.received(HostMessage.LinkRefusal.class))
        .extracting(HostMessage.LinkRefusal::reason)
        .containsExactly("its enrolment credential is not known here");
    assertThat(world.runtime().metrics().counters()).containsEntry("registry.refused.unknown", 1L);
    assertThat(world.runtime().workers().workers()).isEmpty();
  }

  @Test
  void idOfASpecializedWorkerIsNotTakenAsANewOneAfterARestart() {
    world.provisioner().extended(true);
    world.script().function("hello", request -> WorkerScript.Reply.succeed(Payload.text("hi")));
    world.deploy("greeter");
    FakeWorker worker = world.provisioner().alive().get(0);
    world.crash();
    world.restart(InMemoryRuntime.application("greeter").build());

    worker.connectRaw(world.network(), hello(worker.id().value(), ""));
    world.advance(Duration.ofMillis(5));
    assertThat(worker.received(HostMessage.LinkRefusal.class)).hasSize(1);
    assertThat(worker.received(HostMessage.InitRequest.class)).hasSize(1);

    worker.comeBack(world.network());
    world.advance(Duration.ofMillis(5));
    assertThat(world.runtime().workers().find(worker.id()).flatMap(WorkerInfo::application))
        .contains(ApplicationId.of("greeter"));
  }

  private WorkerEnrolments.Issued issue() {
    return world.await(
        world.runtime().enrolments().issue(InMemoryRuntime.GUEST, 1, Duration.ofHours(1)),
        Duration.ofSeconds(1));
  }

  private static WorkerMessage enrols(String credential) {
    return hello("", credential);
  }

  private static WorkerMessage hello(String id, String credential) {
    return new WorkerMessage.LinkHello(
        id,
        credential,
        false,
        Map.of(),
        new WorkerMessage.LinkStack("guest", "1"),
        Optional.empty());
  }
}
