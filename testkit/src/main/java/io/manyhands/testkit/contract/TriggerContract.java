/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static io.manyhands.testkit.contract.TriggerBehaviour.OPENS_AN_ADDRESS;
import static io.manyhands.testkit.contract.TriggerBehaviour.REFUSES_CONFLICTS;
import static io.manyhands.testkit.contract.TriggerBehaviour.SOURCE_RETRIES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.Endpoint;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.testkit.contract.RecordingSink.Submission;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Trigger} must do. Extend it, say by {@link #createHarness} how yours is made
 * and how its events come about, and run it with JUnit.
 */
public abstract class TriggerContract extends TriggerContractSupport {
  // ---- the trigger

  @Test
  void typesAreKnownBeforeTheStartAndStay() {
    Trigger trigger = create();
    Set<String> types = trigger.triggerTypes();

    assertThat(types).isNotEmpty().doesNotContain("");
    for (Binding binding : harness.function("work").bindings()) {
      assertThat(types.contains(binding.type()) || trigger.bindingTypes().contains(binding.type()))
          .as("type %s is provided", binding.type())
          .isTrue();
    }
    await(trigger.start(), "start");
    assertThat(trigger.triggerTypes()).isEqualTo(types);
  }

  @Test
  void startNamesWhereItListens() {
    List<Endpoint> endpoints = await(create().start(), "start");

    if (!supports(OPENS_AN_ADDRESS)) {
      assertThat(endpoints).isEmpty();
      return;
    }
    assertThat(endpoints).isNotEmpty();
    assertThat(endpoints)
        .allSatisfy(
            endpoint -> {
              assertThat(endpoint.name()).isNotBlank();
              assertThat(endpoint.uri().getHost()).isNotBlank();
              assertThat(endpoint.uri().getPort()).isPositive();
            });
  }

  @Test
  void addressThatIsTakenFailsTheStartNamingItAndItsOwnerGoesOn() {
    Trigger owner = create();
    List<Endpoint> endpoints = await(owner.start(), "start");
    App app = listen(owner, "shop").run("work");
    if (!supports(OPENS_AN_ADDRESS)) {
      // Nothing is opened, so that a second one stands in nobody's way.
      await(create().start(), "start of a second one");
    } else {
      Trigger late = made(harness.createAt(endpoints));
      ManyhandsException refusal = failure(late.start(), "start at a taken address");
      assertThat(refusal.code()).isEqualTo(ErrorCode.RESOURCE_UNAVAILABLE);
      assertThat(refusal).hasMessageContaining(Integer.toString(endpoints.get(0).uri().getPort()));
    }

    assertThat(app.fired("work")).isNotNull();
  }

  @Test
  void stopFreesWhatTheStartOpened() {
    Trigger first = create();
    List<Endpoint> endpoints = await(first.start(), "start");
    await(first.stop(GRACE), "stop");

    Trigger second =
        supports(OPENS_AN_ADDRESS) ? made(harness.createAt(endpoints)) : made(harness.create());
    assertThat(await(second.start(), "start in its place")).isEqualTo(endpoints);
  }

  @Test
  void stopCompletesWithoutAStartAndAgain() {
    Trigger trigger = create();

    await(trigger.stop(GRACE), "stop without a start");
    await(trigger.stop(GRACE), "second stop");
  }

  @Test
  void stopCompletesThoughACallIsNeverAnsweredAndALateAnswerDoesNoHarm() {
    Trigger trigger = started();
    App app = listen(trigger, "shop").run("work");
    app.behave(call -> {});
    Submission held = app.fired("work");
    app.enter(JobHostState.DRAINING);
    CompletionStage<Void> listenerStop = app.listener.stop();

    await(trigger.stop(GRACE), "stop with an open call");
    held.succeed(Payload.text("too late"));

    await(listenerStop, "stop of its listener");
    settle();
    assertThat(app.sink.submissions()).hasSize(1);
  }

  @Test
  void nothingIsSubmittedAfterTheStop() {
    Trigger trigger = started();
    App app = listen(trigger, "shop").run("work");
    assertThat(app.fired("work")).isNotNull();
    app.enter(JobHostState.DRAINING);
    await(app.listener.stop(), "stop of the listener");
    await(trigger.stop(GRACE), "stop");
    settle();
    int before = app.sink.submissions().size();

    app.fire("work");
    settle();

    assertThat(app.sink.submissions()).hasSize(before);
  }

  // ---- events

  @Test
  void eventIsOneInvocationOfItsFunction() {
    App app = listen(started(), "shop").run("work", "other");

    Submission call = app.fired("work");
    settle();

    assertThat(app.of("work")).hasSize(1);
    assertThat(call.invocation().application()).isEqualTo(app.id);
    assertThat(call.invocation().function()).isEqualTo("work");
    assertThat(call.isDone()).isTrue();
  }

  @Test
  void deliverySaysWhatStandsBehindIt() {
    App app = listen(started(), "shop").run("work");

    Submission call = app.fired("work");

    assertThat(call.delivery().brokerRetries()).isEqualTo(supports(SOURCE_RETRIES));
    assertThat(call.delivery().attempt()).isEqualTo(1);
  }

  @Test
  void manyEventsAreAsManyInvocations() {
    App app = listen(started(), "shop").run("work");

    for (int event = 0; event < 20; event++) {
      app.fire("work");
    }

    awaitUntil("20 invocations", () -> app.count("work") >= 20);
    settle();
    assertThat(app.of("work")).hasSize(20);
    assertThat(app.sink.open()).isEmpty();
  }

  @Test
  void invocationsThatFailEndNothing() {
    App app = listen(started(), "shop").run("work");
    for (ErrorCode code :
        List.of(
            ErrorCode.FUNCTION_FAILED,
            ErrorCode.WORKER_LOST,
            ErrorCode.DEADLINE_EXCEEDED,
            ErrorCode.CANCELLED,
            ErrorCode.INTERNAL)) {
      app.behave(call -> call.fail(code));
      assertThat(app.fired("work")).as("while all end with %s", code).isNotNull();
    }
    app.behave(call -> call.succeed(Payload.empty()));

    assertThat(app.fired("work").isDone()).isTrue();
  }

  // ---- an application's life

  @Test
  void listenerThatIsMadeBeforeTheStartIsServedAfterIt() {
    Trigger trigger = create();
    App app = listen(trigger, "shop").run("work");
    await(trigger.start(), "start");

    assertThat(app.fired("work").invocation().application()).isEqualTo(app.id);
  }

  @Test
  void nothingIsSubmittedBeforeTheApplicationRuns() {
    App app = listen(started(), "shop");
    assertThat(app.prepare(harness.function("work"))).isEmpty();
    app.fire("work");
    assertThat(app.sink.submissions()).isEmpty();
    app.enter(JobHostState.RUNNING);

    Submission call = app.fired("work");
    settle();

    assertThat(call).isNotNull();
    assertThat(app.submittedIn).containsOnly(JobHostState.RUNNING);
    assertThat(app.submittedIn).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void nothingIsSubmittedOnceTheApplicationDrains() {
    assertEndsWith(JobHostState.DRAINING);
  }

  @Test
  void nothingIsSubmittedOnceTheApplicationIsStopped() {
    assertEndsWith(JobHostState.STOPPED);
  }

  private void assertEndsWith(JobHostState end) {
    Trigger trigger = started();
    App app = listen(trigger, "shop").run("work");
    App neighbour = listen(trigger, "bank").run("work");
    assertThat(app.fired("work")).isNotNull();
    settle();
    int before = app.sink.submissions().size();
    app.enter(end);

    app.fire("work");
    settle();

    assertThat(app.sink.submissions()).hasSize(before);
    assertThat(neighbour.fired("work")).isNotNull();
  }

  @Test
  void applicationThatFailedIsNeverCalledAndItsNeighbourIs() {
    Trigger trigger = started();
    App neighbour = listen(trigger, "bank").run("work");
    App app = listen(trigger, "shop");
    assertThat(app.prepare(harness.function("work"))).isEmpty();
    app.enter(JobHostState.FAILED);

    app.fire("work");
    settle();

    assertThat(app.sink.submissions()).isEmpty();
    assertThat(neighbour.fired("work")).isNotNull();
  }

  @Test
  void stopOfAListenerCompletesWhenItsCallsAreAnswered() {
    App app = listen(started(), "shop").run("work");
    app.behave(call -> {});
    Submission held = app.fired("work");
    app.enter(JobHostState.DRAINING);

    CompletionStage<Void> stop = app.listener.stop();
    harness.progress();
    assertThat(stop.toCompletableFuture()).as("while a call runs").isNotDone();
    held.succeed(Payload.empty());

    await(stop, "stop of the listener");
    assertThat(held.isCancelled()).isFalse();
  }

  @Test
  void stopOfAListenerCompletesInEveryState() {
    Trigger trigger = started();
    App unprepared = listen(trigger, "shop");
    await(unprepared.listener.stop(), "stop before its functions are known");
    App prepared = listen(trigger, "bank");
    assertThat(prepared.prepare(harness.function("work"))).isEmpty();
    await(prepared.listener.stop(), "stop before it runs");
    App running = listen(trigger, "mill").run("work");
    await(running.listener.stop(), "stop while it runs");
    await(running.listener.stop(), "second stop");

    running.fire("work");
    settle();

    assertThat(running.sink.submissions()).isEmpty();
  }

  @Test
  void nextRevisionTakesOverTheMomentItRuns() {
    Trigger trigger = started();
    App before = listen(trigger, "shop").run("work");
    App after = listen(trigger, "shop");
    assertThat(after.prepare(harness.function("work"))).isEmpty();
    assertThat(before.fired("work")).as("while the next one starts").isNotNull();
    settle();
    assertThat(after.sink.submissions()).isEmpty();

    after.enter(JobHostState.RUNNING);
    before.enter(JobHostState.DRAINING);
    int handled = before.sink.submissions().size();
    assertThat(after.fired("work")).isNotNull();
    await(before.listener.stop(), "stop of the one before");
    assertThat(after.fired("work")).as("after the end of the one before").isNotNull();
    settle();

    assertThat(before.sink.submissions()).hasSize(handled);
    assertThat(after.count("work")).isEqualTo(2);
  }

  @Test
  void nextRevisionThatFailsLeavesTheOneBefore() {
    Trigger trigger = started();
    App before = listen(trigger, "shop").run("work");
    App after = listen(trigger, "shop");
    assertThat(after.prepare(harness.function("work"))).isEmpty();
    after.enter(JobHostState.FAILED);
    await(after.listener.stop(), "stop of the one that failed");

    assertThat(before.fired("work")).isNotNull();
    assertThat(after.sink.submissions()).isEmpty();
  }

  @Test
  void applicationMayComeAgain() {
    Trigger trigger = started();
    App once = listen(trigger, "shop").run("work");
    once.enter(JobHostState.DRAINING);
    await(once.listener.stop(), "stop of the listener");
    once.enter(JobHostState.STOPPED);

    App again = listen(trigger, "shop").run("work");

    assertThat(again.fired("work").invocation().application()).isEqualTo(again.id);
    assertThat(once.sink.submissions()).isEmpty();
  }

  @Test
  void changeOfTheApplicationLosesNothing() {
    App app = listen(started(), "shop").run("work");

    app.listener.onApplicationChanged(application("shop", "shop.example"));
    harness.progress();

    assertThat(app.fired("work")).isNotNull();
  }

  // ---- what is wrong with functions

  @Test
  void unsoundFunctionIsNamedWithItsProblemAndFailsAlone() {
    App app = listen(started(), "shop");

    Map<String, String> problems = app.prepare(harness.function("work"), harness.unsound("broken"));
    app.enter(JobHostState.RUNNING);

    assertThat(problems).containsOnlyKeys("broken");
    assertThat(problems.get("broken")).contains("expected");
    assertThat(app.fired("work")).isNotNull();
    app.fire("broken");
    settle();
    assertThat(app.of("broken")).isEmpty();
  }

  @Test
  void functionsThatExcludeOneAnotherAreRefusedNamingBoth() {
    Trigger trigger = started();
    App neighbour = listen(trigger, "bank").run("work");
    App app = listen(trigger, "shop");
    if (!supports(REFUSES_CONFLICTS)) {
      assertThat(app.prepare(harness.function("one"), harness.function("two"))).isEmpty();
      return;
    }
    List<FunctionDefinition> conflicting = harness.conflicting();

    assertThatThrownBy(() -> app.prepare(conflicting.toArray(FunctionDefinition[]::new)))
        .isInstanceOfSatisfying(
            ManyhandsException.class,
            refusal -> {
              assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
              assertThat(refusal)
                  .hasMessageContaining(conflicting.get(0).name())
                  .hasMessageContaining(conflicting.get(1).name());
            });

    app.enter(JobHostState.FAILED);
    assertThat(neighbour.fired("work")).isNotNull();
  }

  @Test
  void applicationsOfOneTriggerDoNotMeet() {
    Trigger trigger = started();
    App shop = listen(trigger, "shop").run("work");
    App bank = listen(trigger, "bank").run("work");

    assertThat(shop.fired("work")).isNotNull();
    assertThat(bank.fired("work")).isNotNull();
    settle();

    for (App app : List.of(shop, bank)) {
      assertThat(app.sink.submissions())
          .allMatch(call -> call.invocation().application().equals(app.id));
    }
  }
}
