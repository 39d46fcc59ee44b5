/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static io.manyhands.testkit.contract.ProvisionerBehaviour.ANNOUNCES_WORKERS;
import static io.manyhands.testkit.contract.ProvisionerBehaviour.REPORTS_LAST_WORDS;
import static io.manyhands.testkit.contract.ProvisionerBehaviour.STARTS_ON_REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.Termination;
import io.manyhands.spi.provision.WorkerProvisioner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The platform of one test, its provisioners, and how to wait for them. */
abstract class ProvisionerContractSupport {
  static final Duration GRACE = Duration.ofMillis(200);

  ProvisionerHarness harness;
  RecordingProvisionerListener listener;
  private final List<WorkerProvisioner> made = new ArrayList<>();

  /** Makes the platform of one test. */
  protected abstract ProvisionerHarness createHarness() throws Exception;

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
    listener = new RecordingProvisionerListener(harness.endpoint());
  }

  @AfterEach
  final void closeHarness() throws Exception {
    try {
      for (WorkerProvisioner provisioner : made) {
        await(provisioner.stop(GRACE), "stop after the test");
      }
    } finally {
      harness.close();
    }
  }

  final void assertLastWords(Termination termination, WorkerId worker) {
    assertThat(termination.reason()).isNotBlank();
    if (supports(REPORTS_LAST_WORDS)) {
      assertThat(termination.exitCode()).hasValue(ProvisionerHarness.DYING_EXIT_CODE);
      assertThat(String.join("\n", termination.lastOutput()))
          .contains(ProvisionerHarness.LAST_WORDS);
      assertThat(String.join("\n", listener.output(worker)))
          .contains(ProvisionerHarness.LAST_WORDS);
    } else {
      assertThat(termination.lastOutput()).isEmpty();
      assertThat(termination.exitCode()).isEmpty();
      assertThat(listener.output(worker)).isEmpty();
    }
  }

  /** The documented refusal of a provisioner that does not start workers on request. */
  final void assertRequestsAreRefused(WorkerProvisioner provisioner) {
    ProvisionRequest request = request(harness.healthyStack());
    ManyhandsException refusal = failure(provisioner.request(request));
    assertThat(refusal.code()).isEqualTo(ErrorCode.PROVISIONING_FAILED);
    assertThat(refusal).hasMessageContaining(harness.healthyStack().toString());
    assertNothingIsKnownOf(provisioner, request.id());
  }

  final void assertNothingIsKnownOf(WorkerProvisioner provisioner, WorkerId worker) {
    assertThat(harness.running()).isZero();
    await(provisioner.release(worker, GRACE), "release of a refused worker");
    assertThat(listener.events(worker)).isEmpty();
  }

  /** One running worker, whichever way this provisioner comes by them. */
  final Map<WorkerId, ProvisionedWorker> obtain(WorkerProvisioner provisioner) {
    if (supports(STARTS_ON_REQUEST)) {
      ProvisionRequest request = request(harness.healthyStack());
      return Map.of(request.id(), accepted(provisioner, request));
    }
    if (supports(ANNOUNCES_WORKERS)) {
      return Map.of(harness.announce(provisioner), ProvisionedWorker.unknown());
    }
    return fail("the harness supports neither STARTS_ON_REQUEST nor ANNOUNCES_WORKERS");
  }

  final ProvisionedWorker accepted(WorkerProvisioner provisioner, ProvisionRequest request) {
    CompletionStage<ProvisionedWorker> stage = provisioner.request(request);
    await(stage, "request");
    return stage.toCompletableFuture().join();
  }

  /** What it adopted; each is told once, with its stack. */
  final Map<WorkerId, ProvisionedWorker> recovered() {
    Map<WorkerId, ProvisionedWorker> recovered = new LinkedHashMap<>();
    for (RecordingProvisionerListener.Event event : listener.events()) {
      if (event instanceof RecordingProvisionerListener.Recovered told) {
        assertThat(harness.healthyStack().acceptsWorkerOf(told.stack())).isTrue();
        assertThat(recovered.put(told.worker(), told.known())).as("told before").isNull();
      }
    }
    return recovered;
  }

  final boolean supports(ProvisionerBehaviour behaviour) {
    return harness.behaviours().contains(behaviour);
  }

  final WorkerProvisioner create() {
    return made(harness.create());
  }

  /** Is stopped after the test. */
  final WorkerProvisioner made(WorkerProvisioner provisioner) {
    made.add(provisioner);
    return provisioner;
  }

  final WorkerProvisioner start(WorkerProvisioner provisioner) {
    await(provisioner.start(listener), "start");
    return provisioner;
  }

  final ProvisionRequest request(WorkerStack stack) {
    return request(newId(), stack);
  }

  final ProvisionRequest request(WorkerId id, WorkerStack stack) {
    return new ProvisionRequest(id, stack, harness.endpoint(), Optional.empty());
  }

  static WorkerId newId() {
    return new WorkerId(UUID.randomUUID().toString());
  }

  final void awaitTerminated(WorkerId worker) {
    assertThat(listener.awaitTerminated(worker, patience()))
        .as("end of worker %s told within %s", worker, patience())
        .isTrue();
  }

  final void await(CompletionStage<?> stage, String what) {
    Throwable error = outcome(stage).orElse(null);
    if (error != null) {
      fail(what + " failed", error);
    }
  }

  final ManyhandsException failure(CompletionStage<?> stage) {
    Throwable error = outcome(stage).orElse(null);
    if (error instanceof ManyhandsException expected) {
      return expected;
    }
    return fail("expected a ManyhandsException", error);
  }

  /**
   * The failure of a stage, empty where it succeeded; a test failure where it does not complete.
   */
  final Optional<Throwable> outcome(CompletionStage<?> stage) {
    try {
      Object unused = stage.toCompletableFuture().get(patience().toNanos(), TimeUnit.NANOSECONDS);
      return Optional.empty();
    } catch (ExecutionException e) {
      @Nullable Throwable cause = e.getCause();
      return Optional.of(cause == null ? e : cause);
    } catch (TimeoutException e) {
      return fail("a stage did not complete within " + patience());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail("interrupted");
    }
  }
}
