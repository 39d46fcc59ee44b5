/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Credentials for pools of identical workers that somebody else starts, such as the replicas of one
 * container image. Each process exchanges the credential once, for an identity of its own; it joins
 * as a placeholder of one stack and of no tenant. Kept in the state directory, without the secret;
 * where there is none they end with the Runtime. Thread-safe.
 */
public interface WorkerEnrolments {
  /**
   * Issues one. Fails with INVALID_ARGUMENT where the stack's workers are not started by somebody
   * else (a provisioner such as {@code external} must be configured for it) or a number is not
   * positive; with LIMIT_EXCEEDED beyond 1,000 credentials; with RESOURCE_UNAVAILABLE where it
   * cannot be kept.
   *
   * @param maximumWorkers that are alive at once by it; counted anew after a restart of the Runtime
   * @param validity how long it can be exchanged
   */
  CompletableFuture<Issued> issue(WorkerStack stack, int maximumWorkers, Duration validity);

  /**
   * Lets nobody in by it any more; workers that are in stay. Completes with false where there is
   * none of that id; fails with RESOURCE_UNAVAILABLE where a restart of the Runtime would bring it
   * back.
   */
  CompletableFuture<Boolean> revoke(String id);

  /** Those that can be exchanged, by id. */
  List<Enrolment> list();

  /**
   * A credential, without the secret.
   *
   * @param id how it is revoked
   * @param workers alive by it at this moment
   * @param exchanged since the Runtime started
   */
  record Enrolment(
      String id,
      WorkerStack stack,
      int maximumWorkers,
      Instant expires,
      int workers,
      long exchanged) {
    public Enrolment {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(stack, "stack");
      Objects.requireNonNull(expires, "expires");
    }
  }

  /**
   * One that was just issued.
   *
   * @param credential the secret; cannot be had again
   */
  record Issued(Enrolment enrolment, String credential) {
    public Issued {
      Objects.requireNonNull(enrolment, "enrolment");
      Objects.requireNonNull(credential, "credential");
    }

    /** Without the credential. */
    @Override
    public String toString() {
      return "Issued[" + enrolment + "]";
    }
  }
}
