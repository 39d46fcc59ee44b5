/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.AccessKeys;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.app.TenantId;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerApplication;
import io.manyhands.spi.trigger.TriggerListener;
import io.manyhands.testkit.contract.RecordingSink.Submission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The events of one test, its triggers and applications, and how to wait for them. */
abstract class TriggerContractSupport {
  static final Duration GRACE = Duration.ofMillis(200);

  TriggerHarness harness;
  private final List<Trigger> made = new ArrayList<>();
  private final List<App> apps = new ArrayList<>();

  /** Makes the source of events of one test. */
  protected abstract TriggerHarness createHarness() throws Exception;

  /**
   * How long anything may take before it counts as never; generous, because it costs time only
   * where a test fails. Default 60 s.
   */
  protected Duration patience() {
    return Duration.ofSeconds(60);
  }

  @BeforeEach
  final void makeHarness() throws Exception {
    harness = createHarness();
  }

  @AfterEach
  final void closeHarness() throws Exception {
    try {
      for (App app : apps) {
        app.sink.open().forEach(call -> call.succeed(Payload.empty()));
        await(app.listener.stop(), "stop of " + app.id + " after the test");
      }
      for (Trigger trigger : made) {
        await(trigger.stop(GRACE), "stop after the test");
      }
    } finally {
      harness.close();
    }
  }

  /**
   * One revision of an application behind a trigger; answers at once until it is told otherwise.
   */
  final class App {
    final ApplicationId id;
    final RecordingSink sink = new RecordingSink();
    final TriggerListener listener;
    final List<JobHostState> submittedIn = new CopyOnWriteArrayList<>();
    private volatile JobHostState state = JobHostState.STARTING;
    private volatile Consumer<Submission> behaviour = call -> call.succeed(Payload.empty());

    private App(Trigger trigger, String name) {
      id = ApplicationId.of(name);
      sink.answering(
          call -> {
            submittedIn.add(state);
            behaviour.accept(call);
          });
      listener = trigger.listen(application(name), sink);
    }

    /** As a JobHost does it: starts, reads host.json, knows the functions. */
    Map<String, String> prepare(FunctionDefinition... functions) {
      enter(JobHostState.STARTING);
      listener.onApplicationChanged(application(id.value()));
      enter(JobHostState.INDEXING);
      return listener.prepare(List.of(functions));
    }

    App run(String... functions) {
      FunctionDefinition[] sound =
          List.of(functions).stream().map(harness::function).toArray(FunctionDefinition[]::new);
      assertThat(prepare(sound)).as("problems of sound functions").isEmpty();
      enter(JobHostState.RUNNING);
      return this;
    }

    void enter(JobHostState next) {
      state = next;
      listener.onState(next);
      harness.progress();
    }

    void behave(Consumer<Submission> value) {
      behaviour = value;
    }

    void fire(String function) {
      harness.fire(id, function);
      harness.progress();
    }

    /** Fires and waits until it was submitted. */
    Submission fired(String function) {
      int before = count(function);
      fire(function);
      awaitUntil(
          "an invocation of " + id + "/" + function + " after its event",
          () -> count(function) > before);
      List<Submission> all = of(function);
      return all.get(all.size() - 1);
    }

    List<Submission> of(String function) {
      return sink.submissions().stream()
          .filter(call -> call.invocation().function().equals(function))
          .toList();
    }

    int count(String function) {
      return of(function).size();
    }
  }

  final App listen(Trigger trigger, String name) {
    App app = new App(trigger, name);
    apps.add(app);
    return app;
  }

  static TriggerApplication application(String name, String... hosts) {
    return new TriggerApplication(
        ApplicationId.of(name),
        TenantId.of("tenant"),
        AccessKeys.none(),
        List.of(hosts),
        Map.of(),
        Optional.empty(),
        Map.of());
  }

  final boolean supports(TriggerBehaviour behaviour) {
    return harness.behaviours().contains(behaviour);
  }

  final Trigger create() {
    return made(harness.create());
  }

  final Trigger made(Trigger trigger) {
    made.add(trigger);
    return trigger;
  }

  final Trigger started() {
    Trigger trigger = create();
    await(trigger.start(), "start");
    return trigger;
  }

  /** Everything that was fired has been dealt with. */
  final void settle() {
    awaitUntil("everything that was fired to be dealt with", harness::settled);
  }

  final <T> T await(CompletionStage<T> stage, String what) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    awaitUntil(what, future::isDone);
    return future.join();
  }

  final ManyhandsException failure(CompletionStage<?> stage, String what) {
    CompletableFuture<?> future = stage.toCompletableFuture();
    awaitUntil(what, future::isDone);
    try {
      Object unused = future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ManyhandsException expected) {
        return expected;
      }
      return fail(what + ": expected a ManyhandsException", e.getCause());
    }
    return fail(what + ": expected a failure");
  }

  final void awaitUntil(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + patience().toNanos();
    while (true) {
      harness.progress();
      if (condition.getAsBoolean()) {
        return;
      }
      if (System.nanoTime() - end > 0) {
        fail(what + ": not within " + patience());
      }
      pause();
    }
  }

  private static void pause() {
    try {
      boolean unused = new CountDownLatch(1).await(2, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail("interrupted");
    }
  }
}
