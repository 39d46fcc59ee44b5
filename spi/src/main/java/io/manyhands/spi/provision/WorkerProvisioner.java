/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.provision;

import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.transport.WorkerConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Asks a platform for workers and ends them. Thread-safe; no method blocks its caller.
 *
 * <p>The order of a worker's events: {@code request} is accepted (its stage completes) before
 * {@code onTerminated} is called for it; {@code onTerminated} is called exactly once for each
 * accepted worker, whatever ended it, a release included, unless the provisioner was stopped first.
 */
public interface WorkerProvisioner {
  /** The stacks that it can deliver, in order of preference; may change while it runs. */
  List<StackInfo> stacks();

  /**
   * Begins: ends what an earlier Runtime of the same identity left, or adopts what can come back by
   * itself and tells {@link ProvisionerListener#onRecovered} of it; then completes. The listener is
   * called from any thread, never while a lock is held, and must not block.
   */
  CompletionStage<Void> start(ProvisionerListener listener);

  /**
   * Asks for one worker. Completes when the platform accepted, not when the worker connected; fails
   * with PROVISIONING_FAILED (or INVALID_ARGUMENT for a stack that it does not have, naming those
   * that it has) when the platform refused, and then nothing is left of it. So it also fails before
   * {@code start}, after {@code stop}, for an id that was requested before and has not ended, and
   * where it was released before the platform accepted; for none of these is {@code onTerminated}
   * called.
   *
   * <p>A platform that is too busy is reported by PROVISIONING_FAILED with {@link
   * io.manyhands.api.ManyhandsException#retryAfter}: nothing is asked of the provisioner before,
   * and it does not count as a start that failed. Where the platform stays silent the Runtime gives
   * up after its start timeout and releases the worker; an acceptance that comes later is answered
   * by a second release. Cancelling the stage has no effect on the worker: {@link #release} takes a
   * request back.
   *
   * <p>Where the platform meets a conflict, it is asked again a few times. Where it answers that it
   * failed, or not at all, what it may have started nevertheless is ended. No more calls are in
   * flight against it than the provisioner has permits; further requests wait, and one beyond its
   * capacity is refused as by a platform that is too busy.
   */
  CompletionStage<ProvisionedWorker> request(ProvisionRequest request);

  /**
   * The worker is no longer needed, whether pending, starting or connected. Completes when it has
   * ended; an unknown or ended one completes at once. Asks first and uses force after the grace.
   */
  CompletionStage<Void> release(WorkerId worker, Duration grace);

  /**
   * A worker came by itself and proved who it is: one of an earlier start of the Runtime of which
   * nobody has told {@link ProvisionerListener#onRecovered}, or one of an enrolled pool. From now
   * on it may be released as if it had been accepted. Called on an I/O thread; must not block.
   *
   * @return what is known of it
   */
  default ProvisionedWorker onReturned(WorkerId worker, WorkerStack stack) {
    return ProvisionedWorker.unknown();
  }

  /**
   * False where the peer can be shown not to be the worker that was started under this id. Called
   * on an I/O thread's behalf from the blocking executor.
   */
  default boolean isPeerOf(WorkerId worker, WorkerConnection.PeerCredentials peer) {
    return true;
  }

  /** True where its workers share one machine and user, and so one trust domain. */
  default boolean sharesOneTrustDomain() {
    return false;
  }

  /**
   * Ends every worker that it started and everything of its own; completes when nothing is left, by
   * force after the grace.
   */
  CompletionStage<Void> stop(Duration grace);
}
