/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static io.manyhands.testkit.contract.ProvisionerBehaviour.ASKS_FIRST;
import static io.manyhands.testkit.contract.ProvisionerBehaviour.CALLS_AN_API;
import static io.manyhands.testkit.contract.ProvisionerBehaviour.HAS_A_CAPACITY;
import static io.manyhands.testkit.contract.ProvisionerBehaviour.NOTICES_DEATH;
import static io.manyhands.testkit.contract.ProvisionerBehaviour.STARTS_ON_REQUEST;
import static io.manyhands.testkit.contract.ProvisionerBehaviour.WATCHES;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.testkit.contract.ProvisionerHarness.Trouble;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The part of {@link WorkerProvisionerContract} in which the platform gives trouble. */
abstract class ProvisionerTroubleContract extends ProvisionerContractSupport {
  @Test
  void refusalIsToldInThePlatformsOwnWordsAndLeavesNothing() {
    WorkerProvisioner provisioner = start(create());
    if (!supports(CALLS_AN_API)) {
      assertThat(listener.events()).isEmpty();
      return;
    }
    harness.trouble(Trouble.REFUSES);
    ProvisionRequest request = request(harness.healthyStack());

    ManyhandsException refusal = failure(provisioner.request(request));

    assertThat(refusal.code()).isEqualTo(ErrorCode.PROVISIONING_FAILED);
    assertThat(refusal).hasMessageContaining(ProvisionerHarness.REFUSAL);
    assertThat(refusal.retryAfter()).isEmpty();
    assertThat(refusal.getMessage()).doesNotContain(request.id().value());
    assertNothingIsKnownOf(provisioner, request.id());
    assertServes(provisioner);
  }

  @Test
  void busyPlatformIsReportedWithItsTimeToComeAgain() {
    WorkerProvisioner provisioner = start(create());
    if (!supports(CALLS_AN_API)) {
      assertThat(listener.events()).isEmpty();
      return;
    }
    for (Trouble trouble : new Trouble[] {Trouble.BUSY, Trouble.UNAVAILABLE}) {
      harness.trouble(trouble);
      ProvisionRequest request = request(harness.healthyStack());

      ManyhandsException refusal = failure(provisioner.request(request));

      assertThat(refusal.code()).as("%s", trouble).isEqualTo(ErrorCode.PROVISIONING_FAILED);
      assertThat(refusal.retryAfter()).as("%s", trouble).contains(ProvisionerHarness.RETRY_AFTER);
      assertNothingIsKnownOf(provisioner, request.id());
    }
    assertServes(provisioner);
  }

  @Test
  void conflictIsTriedAgain() {
    WorkerProvisioner provisioner = start(create());
    if (!supports(CALLS_AN_API)) {
      assertThat(listener.events()).isEmpty();
      return;
    }
    harness.trouble(Trouble.CONFLICT);
    assertServes(provisioner);
  }

  @Test
  void whatABrokenAnswerHidIsNotLeftBehind() {
    WorkerProvisioner provisioner = start(create());
    if (!supports(CALLS_AN_API)) {
      assertThat(listener.events()).isEmpty();
      return;
    }
    harness.trouble(Trouble.BREAKS);
    ProvisionRequest request = request(harness.healthyStack());

    ManyhandsException refusal = failure(provisioner.request(request));

    assertThat(refusal.code()).isEqualTo(ErrorCode.PROVISIONING_FAILED);
    assertNothingIsKnownOf(provisioner, request.id());
    assertServes(provisioner);
  }

  @Test
  void watchThatDiesSilentlyIsFoundOut() {
    WorkerProvisioner provisioner = start(create());
    if (!supports(WATCHES)) {
      assertThat(listener.events()).isEmpty();
      return;
    }
    Map.Entry<WorkerId, ProvisionedWorker> worker =
        obtain(provisioner).entrySet().iterator().next();
    harness.silenceWatches();

    harness.kill(worker.getKey(), worker.getValue());

    awaitTerminated(worker.getKey());
    assertThat(listener.terminations(worker.getKey())).hasSize(1);
  }

  @Test
  void releaseAsksFirst() {
    WorkerProvisioner provisioner = start(create());
    if (!supports(ASKS_FIRST)) {
      WorkerId worker = obtain(provisioner).keySet().iterator().next();
      await(provisioner.release(worker, GRACE), "release");
      return;
    }
    ProvisionRequest request = request(harness.politeStack());
    accepted(provisioner, request);
    harness.awaitReady(request.id());

    await(provisioner.release(request.id(), patience().multipliedBy(10)), "release");

    awaitTerminated(request.id());
    assertThat(listener.terminations(request.id()).get(0).exitCode())
        .hasValue(ProvisionerHarness.POLITE_EXIT_CODE);
  }

  @Test
  void workerThatDiesWhileItIsReleasedIsToldOnce() {
    WorkerProvisioner provisioner = start(create());
    Map.Entry<WorkerId, ProvisionedWorker> worker =
        obtain(provisioner).entrySet().iterator().next();

    if (supports(NOTICES_DEATH)) {
      harness.kill(worker.getKey(), worker.getValue());
    }
    CompletionStage<Void> release = provisioner.release(worker.getKey(), Duration.ofSeconds(5));

    await(release, "release");
    awaitTerminated(worker.getKey());
    await(provisioner.stop(GRACE), "stop");
    assertThat(listener.terminations(worker.getKey())).hasSize(1);
  }

  @Test
  void cancelledStageOfARequestIsTakenBackByItsRelease() {
    WorkerProvisioner provisioner = start(create());
    ProvisionRequest request = request(harness.healthyStack());

    boolean unused = provisioner.request(request).toCompletableFuture().cancel(true);
    await(provisioner.release(request.id(), GRACE), "release");

    assertThat(harness.running()).isZero();
    assertThat(listener.terminations(request.id())).hasSizeLessThan(2);
    await(provisioner.stop(GRACE), "stop");
  }

  @Test
  void workerBeyondTheCapacityIsRefusedAndTheOthersAreNot() {
    if (!supports(HAS_A_CAPACITY)) {
      start(create());
      assertThat(listener.events()).isEmpty();
      return;
    }
    WorkerProvisioner provisioner = start(made(harness.createWithCapacity(2)));
    WorkerId first = obtain(provisioner).keySet().iterator().next();
    WorkerId second = obtain(provisioner).keySet().iterator().next();

    ManyhandsException refusal = failure(provisioner.request(request(harness.healthyStack())));

    assertThat(refusal.code()).isEqualTo(ErrorCode.PROVISIONING_FAILED);
    assertThat(refusal.retryAfter()).isPresent();
    assertThat(listener.events()).isEmpty();
    await(provisioner.release(first, GRACE), "release");
    assertServes(provisioner);
    await(provisioner.release(second, GRACE), "release");
  }

  private void assertServes(WorkerProvisioner provisioner) {
    int before = harness.running();
    ProvisionRequest request = request(harness.healthyStack());
    accepted(provisioner, request);
    assertThat(supports(STARTS_ON_REQUEST)).isTrue();
    assertThat(harness.running()).isEqualTo(before + 1);
    await(provisioner.release(request.id(), GRACE), "release");
    assertThat(harness.running()).isEqualTo(before);
  }
}
