/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static io.manyhands.testkit.contract.ProvisionerBehaviour.ADOPTS;
import static io.manyhands.testkit.contract.ProvisionerBehaviour.ANNOUNCES_WORKERS;
import static io.manyhands.testkit.contract.ProvisionerBehaviour.CALLS_AN_API;
import static io.manyhands.testkit.contract.ProvisionerBehaviour.NOTICES_DEATH;
import static io.manyhands.testkit.contract.ProvisionerBehaviour.RECOVERS;
import static io.manyhands.testkit.contract.ProvisionerBehaviour.STARTS_ON_REQUEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.Endpoint;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.ProvisionerListener;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.provision.Termination;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.testkit.contract.RecordingProvisionerListener.Expected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What every {@link WorkerProvisioner} must do. Extend it, say by {@link #createHarness} how yours
 * is made and what it supports, and run it with JUnit.
 */
public abstract class WorkerProvisionerContract extends ProvisionerTroubleContract {
  @Test
  void stacksAreKnownBeforeTheStart() {
    WorkerProvisioner provisioner = create();

    assertThat(provisioner.stacks())
        .extracting(StackInfo::stack)
        .anyMatch(stack -> harness.healthyStack().acceptsWorkerOf(stack));
  }

  @Test
  void requestBeforeTheStartFailsThroughItsStage() {
    WorkerProvisioner provisioner = create();

    assertThat(failure(provisioner.request(request(harness.healthyStack()))).code())
        .isEqualTo(ErrorCode.PROVISIONING_FAILED);
    assertThat(harness.running()).isZero();
  }

  @Test
  void requestIsAcceptedThoughTheWorkerNeverConnects() {
    WorkerProvisioner provisioner = start(create());
    if (!supports(STARTS_ON_REQUEST)) {
      assertRequestsAreRefused(provisioner);
      return;
    }
    ProvisionRequest request = request(harness.healthyStack());

    assertThat(accepted(provisioner, request)).isNotNull();

    assertThat(harness.running()).isEqualTo(1);
    assertThat(listener.terminations(request.id())).isEmpty();
  }

  @Test
  void endIsNeverToldBeforeAcceptance() {
    AcceptanceWatch watch = new AcceptanceWatch(patience());
    WorkerProvisioner provisioner = create();
    await(
        provisioner.start(
            (worker, termination) -> {
              watch.ended(worker);
              listener.onTerminated(worker, termination);
            }),
        "start");
    if (!supports(STARTS_ON_REQUEST)) {
      assertRequestsAreRefused(provisioner);
      return;
    }
    List<WorkerId> workers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      ProvisionRequest request = request(harness.dyingStack());
      workers.add(request.id());
      watch.request(provisioner, request);
    }
    for (WorkerId worker : workers) {
      if (!supports(NOTICES_DEATH)) {
        await(provisioner.release(worker, GRACE), "release");
      }
      awaitTerminated(worker);
    }
    assertThat(watch.tooEarly())
        .as("workers whose end was told before they were accepted")
        .isEmpty();
  }

  @Test
  void releaseEndsTheWorkerAndItsEndIsToldOnce() {
    WorkerProvisioner provisioner = start(create());
    WorkerId worker = obtain(provisioner).keySet().iterator().next();

    await(provisioner.release(worker, GRACE), "release");

    assertThat(harness.running()).isZero();
    awaitTerminated(worker);
    await(provisioner.release(worker, GRACE), "second release");
    await(provisioner.stop(GRACE), "stop");
    assertThat(listener.terminations(worker)).hasSize(1);
    assertThat(listener.terminations(worker).get(0).reason()).isNotBlank();
  }

  @Test
  void twoReleasesAtOnceBothComplete() {
    WorkerProvisioner provisioner = start(create());
    WorkerId worker = obtain(provisioner).keySet().iterator().next();

    CompletionStage<Void> first = provisioner.release(worker, Duration.ofSeconds(5));
    CompletionStage<Void> second = provisioner.release(worker, GRACE);

    await(first, "first release");
    await(second, "second release");
    awaitTerminated(worker);
    assertThat(listener.terminations(worker)).hasSize(1);
  }

  @Test
  void releaseOfAnUnknownWorkerCompletesAndTellsNothing() {
    WorkerProvisioner provisioner = start(create());

    await(provisioner.release(newId(), GRACE), "release of an unknown worker");

    assertThat(listener.events()).isEmpty();
  }

  @Test
  void releaseWhilePendingLeavesNothing() {
    WorkerProvisioner provisioner = start(create());
    Map<WorkerId, CompletionStage<ProvisionedWorker>> requests = new LinkedHashMap<>();
    List<CompletionStage<Void>> releases = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ProvisionRequest request = request(harness.healthyStack());
      requests.put(request.id(), provisioner.request(request));
      releases.add(provisioner.release(request.id(), GRACE));
    }

    releases.forEach(release -> await(release, "release while pending"));

    requests.forEach(
        (worker, stage) -> {
          if (outcome(stage).isEmpty()) {
            awaitTerminated(worker);
            assertThat(listener.terminations(worker)).hasSize(1);
          } else {
            assertThat(failure(stage).code()).isEqualTo(ErrorCode.PROVISIONING_FAILED);
          }
        });
    assertThat(harness.running()).isZero();
    await(provisioner.stop(GRACE), "stop");
    requests.forEach(
        (worker, stage) -> {
          if (outcome(stage).isPresent()) {
            assertThat(listener.events(worker)).as("events of a refused request").isEmpty();
          }
        });
  }

  @Test
  void unknownStackIsRefusedNamingTheKnown() {
    WorkerProvisioner provisioner = start(create());
    ProvisionRequest request = request(WorkerStack.of("stack-of-nobody"));

    ManyhandsException refusal = failure(provisioner.request(request));

    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(refusal).hasMessageContaining("stack-of-nobody");
    for (StackInfo known : provisioner.stacks()) {
      assertThat(refusal).hasMessageContaining(known.stack().language());
    }
    assertNothingIsKnownOf(provisioner, request.id());
  }

  @Test
  void idThatIsInUseIsRefusedAndItsWorkerGoesOn() {
    WorkerProvisioner provisioner = start(create());
    WorkerId worker = obtain(provisioner).keySet().iterator().next();

    ManyhandsException refusal =
        failure(provisioner.request(request(worker, harness.healthyStack())));

    assertThat(refusal.code()).isEqualTo(ErrorCode.PROVISIONING_FAILED);
    assertThat(listener.terminations(worker)).isEmpty();
    if (supports(STARTS_ON_REQUEST)) {
      assertThat(harness.running()).isEqualTo(1);
    }
    await(provisioner.release(worker, GRACE), "release");
    awaitTerminated(worker);
  }

  @Test
  void workerThatDiesBeforeItConnectsIsReportedWithItsLastWords() {
    WorkerProvisioner provisioner = start(create());
    if (!supports(STARTS_ON_REQUEST)) {
      assertRequestsAreRefused(provisioner);
      return;
    }
    ProvisionRequest request = request(harness.dyingStack());

    accepted(provisioner, request);

    if (supports(NOTICES_DEATH)) {
      awaitTerminated(request.id());
      assertLastWords(listener.terminations(request.id()).get(0), request.id());
    }
    await(provisioner.release(request.id(), GRACE), "release of an ended worker");
    awaitTerminated(request.id());
    assertThat(harness.running()).isZero();
    assertThat(listener.terminations(request.id())).hasSize(1);
  }

  @Test
  void workerThatIsKilledIsReported() {
    WorkerProvisioner provisioner = start(create());
    Map.Entry<WorkerId, ProvisionedWorker> worker =
        obtain(provisioner).entrySet().iterator().next();
    if (!supports(NOTICES_DEATH)) {
      assertThat(listener.terminations(worker.getKey())).isEmpty();
      await(provisioner.release(worker.getKey(), GRACE), "release");
      awaitTerminated(worker.getKey());
      return;
    }

    harness.kill(worker.getKey(), worker.getValue());

    awaitTerminated(worker.getKey());
    await(provisioner.stop(GRACE), "stop");
    assertThat(listener.terminations(worker.getKey())).hasSize(1);
  }

  @Test
  void whatAnEarlierRuntimeLeftAndCannotComeBackIsEnded() {
    if (supports(RECOVERS)) {
      harness.leaveBehind(3);
      assertThat(harness.running()).as("workers that the harness left behind").isEqualTo(3);
    }

    start(create());

    assertThat(harness.running()).isZero();
    assertThat(listener.events()).isEmpty();
  }

  @Test
  void workerThatCanComeBackIsAdoptedAndHadLikeAnyOther() {
    if (!supports(ADOPTS)) {
      start(create());
      assertThat(listener.events()).isEmpty();
      return;
    }
    Set<WorkerId> left = harness.leaveResumable(3);
    WorkerProvisioner provisioner = start(create());
    Map<WorkerId, ProvisionedWorker> adopted = recovered();
    assertThat(adopted.keySet()).isEqualTo(left);
    assertThat(harness.running()).isEqualTo(3);
    Iterator<Map.Entry<WorkerId, ProvisionedWorker>> each = adopted.entrySet().iterator();

    WorkerId released = each.next().getKey();
    assertThat(failure(provisioner.request(request(released, harness.healthyStack()))).code())
        .as("a request with an id that is in use")
        .isEqualTo(ErrorCode.PROVISIONING_FAILED);
    await(provisioner.release(released, GRACE), "release");
    awaitTerminated(released);
    assertThat(harness.running()).isEqualTo(2);

    Map.Entry<WorkerId, ProvisionedWorker> killed = each.next();
    if (supports(NOTICES_DEATH)) {
      harness.kill(killed.getKey(), killed.getValue());
      awaitTerminated(killed.getKey());
    }

    await(provisioner.stop(GRACE), "stop");
    assertThat(harness.running()).isZero();
    left.forEach(worker -> assertThat(listener.terminations(worker)).hasSizeLessThan(2));
  }

  @Test
  void adoptedWorkerIsAdoptedAgainAfterTheNextCrash() {
    if (!supports(ADOPTS)) {
      start(create());
      assertThat(listener.events()).isEmpty();
      return;
    }
    Set<WorkerId> left = new HashSet<>(harness.leaveResumable(2));
    left.addAll(harness.leaveResumable(1));

    start(create());

    assertThat(recovered().keySet()).isEqualTo(left);
    assertThat(harness.running()).isEqualTo(3);
  }

  @Test
  void aStoppedProvisionerOfTheSameIdentityCanFollowAnother() {
    WorkerProvisioner first = start(create());
    obtain(first);
    await(first.stop(GRACE), "stop of the first");

    WorkerProvisioner second = start(create());

    assertThat(harness.running()).isZero();
    WorkerId worker = obtain(second).keySet().iterator().next();
    await(second.release(worker, GRACE), "release");
    assertThat(harness.running()).isZero();
  }

  @Test
  void stopEndsEverything() {
    WorkerProvisioner provisioner = start(create());
    List<WorkerId> workers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      workers.addAll(obtain(provisioner).keySet());
    }
    CompletionStage<ProvisionedWorker> pending =
        provisioner.request(request(harness.healthyStack()));

    await(provisioner.stop(GRACE), "stop");

    assertThat(harness.running()).isZero();
    assertThat(outcome(pending).map(Object::getClass))
        .as("outcome of a request that was pending when the stop began")
        .isIn(Optional.empty(), Optional.of(ManyhandsException.class));
    workers.forEach(worker -> assertThat(listener.terminations(worker)).hasSizeLessThan(2));
    assertThat(failure(provisioner.request(request(harness.healthyStack()))).code())
        .isEqualTo(ErrorCode.PROVISIONING_FAILED);
    int events = listener.events().size();
    await(provisioner.release(workers.get(0), GRACE), "release after the stop");
    await(provisioner.stop(GRACE), "second stop");
    assertThat(listener.events()).hasSize(events);
  }

  @Test
  void stopWithoutStartCompletes() {
    await(create().stop(GRACE), "stop");

    assertThat(harness.running()).isZero();
  }

  @Test
  void listenerThatThrowsDoesNoHarm() {
    AtomicInteger told = new AtomicInteger();
    WorkerProvisioner provisioner = create();
    await(
        provisioner.start(
            new ProvisionerListener() {
              @Override
              public Optional<Endpoint> endpoint() {
                return Optional.of(harness.endpoint());
              }

              @Override
              public void onExpected(WorkerId worker, WorkerStack stack, ProvisionedWorker known) {
                throw new IllegalStateException("planted by the contract");
              }

              @Override
              public void onOutput(WorkerId worker, String line, boolean error) {
                throw new IllegalStateException("planted by the contract");
              }

              @Override
              public void onTerminated(WorkerId worker, Termination termination) {
                told.incrementAndGet();
                throw new IllegalStateException("planted by the contract");
              }
            }),
        "start");
    WorkerId first = obtain(provisioner).keySet().iterator().next();
    WorkerId second = obtain(provisioner).keySet().iterator().next();

    await(provisioner.release(first, GRACE), "release of the first");
    await(provisioner.release(second, GRACE), "release of the second");

    assertThat(harness.running()).isZero();
    await(provisioner.stop(GRACE), "stop");
    assertThat(told).hasValue(2);
  }

  @Test
  void manyRequestsAtOnceAreAllServed() {
    WorkerProvisioner provisioner = start(create());
    int many = harness.crowd();
    Map<WorkerId, CompletionStage<ProvisionedWorker>> requests = new LinkedHashMap<>();
    for (int i = 0; i < many; i++) {
      ProvisionRequest request = request(harness.healthyStack());
      requests.put(request.id(), provisioner.request(request));
    }

    if (!supports(STARTS_ON_REQUEST)) {
      requests
          .values()
          .forEach(
              stage -> assertThat(failure(stage).code()).isEqualTo(ErrorCode.PROVISIONING_FAILED));
      return;
    }
    requests.values().forEach(stage -> await(stage, "request"));
    assertThat(harness.running()).as("none lost, none doubled").isEqualTo(many);
    if (supports(CALLS_AN_API)) {
      assertThat(harness.mostInFlight()).isPositive().isLessThanOrEqualTo(harness.permits());
    }
    List<CompletionStage<Void>> releases = new ArrayList<>();
    requests.keySet().forEach(worker -> releases.add(provisioner.release(worker, GRACE)));
    releases.forEach(release -> await(release, "release"));
    assertThat(harness.running()).isZero();
    requests.keySet().forEach(this::awaitTerminated);
    assertThat(listener.events()).hasSize(many);
  }

  @Test
  void workersOfOthersAreAnnouncedOnlyWhereThatIsSupported() {
    WorkerProvisioner provisioner = start(create());
    if (!supports(ANNOUNCES_WORKERS)) {
      WorkerId worker = obtain(provisioner).keySet().iterator().next();
      await(provisioner.release(worker, GRACE), "release");
      assertThat(listener.events()).noneMatch(Expected.class::isInstance);
      return;
    }

    WorkerId first = harness.announce(provisioner);
    WorkerId second = harness.announce(provisioner);

    assertThat(listener.events())
        .containsExactly(
            new Expected(first, harness.healthyStack()),
            new Expected(second, harness.healthyStack()));
    assertThat(first).isNotEqualTo(second);
    assertThat(first.value()).as("an id that cannot be guessed").hasSizeGreaterThanOrEqualTo(32);
  }
}
