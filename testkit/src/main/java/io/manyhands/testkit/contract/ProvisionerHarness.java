/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import io.manyhands.api.Endpoint;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.WorkerProvisioner;
import java.time.Duration;
import java.util.Set;

/**
 * What {@link WorkerProvisionerContract} needs of a provisioner's author: a platform to try it on.
 * One is made for each test. Nobody listens at its endpoint, so its workers must be of a kind that
 * runs nevertheless.
 */
public interface ProvisionerHarness extends AutoCloseable {
  /** What the last lines of a {@link #dyingStack()} worker must contain. */
  String LAST_WORDS = "these are my last words";

  /** The exit code of a {@link #dyingStack()} worker. */
  int DYING_EXIT_CODE = 3;

  /** The exit code of a {@link #politeStack()} worker that was asked to end. */
  int POLITE_EXIT_CODE = 5;

  /** The platform's own words where it refuses. */
  String REFUSAL = "the platform says no";

  /** What a busy platform asks for. */
  Duration RETRY_AFTER = Duration.ofSeconds(7);

  /** What the platform's API does with the next attempt to start a worker, and with no other. */
  enum Trouble {
    /** Refuses for good, in the words {@link #REFUSAL}. */
    REFUSES,
    /** Met somebody else's change (409): asking again helps. */
    CONFLICT,
    /** Too many requests (429), with {@link #RETRY_AFTER}. */
    BUSY,
    /** Out of order (503), with {@link #RETRY_AFTER}. */
    UNAVAILABLE,
    /** Starts the worker, and answers that it failed (500). */
    BREAKS
  }

  /** What the provisioner supports. */
  Set<ProvisionerBehaviour> behaviours();

  /**
   * A new provisioner, not started, of the same identity as those made before: the same state
   * directory and the same name towards its platform.
   */
  WorkerProvisioner create();

  /** A stack whose workers run until they are ended. */
  WorkerStack healthyStack();

  /**
   * A stack whose workers write {@link #LAST_WORDS} and end with {@link #DYING_EXIT_CODE} at once.
   * Asked for only under STARTS_ON_REQUEST.
   */
  default WorkerStack dyingStack() {
    throw new UnsupportedOperationException("this harness has no dying stack");
  }

  /**
   * A stack whose workers run until they are asked to end, and then end with {@link
   * #POLITE_EXIT_CODE}. Asked for only under ASKS_FIRST.
   */
  default WorkerStack politeStack() {
    throw new UnsupportedOperationException("this harness has no polite stack");
  }

  /** Waits until a worker of the polite stack can be asked to end. */
  default void awaitReady(WorkerId worker) {}

  /** Makes the platform's API misbehave once. Asked for only under CALLS_AN_API. */
  default void trouble(Trouble trouble) {
    throw new UnsupportedOperationException("this harness has no API");
  }

  /** How many calls may be in flight against the API. Asked for only under CALLS_AN_API. */
  default int permits() {
    throw new UnsupportedOperationException("this harness has no API");
  }

  /** How many calls were in flight at most. Asked for only under CALLS_AN_API. */
  default int mostInFlight() {
    throw new UnsupportedOperationException("this harness has no API");
  }

  /**
   * From now on the watches that are open tell nothing, and do not say so. Asked for only under
   * WATCHES.
   */
  default void silenceWatches() {
    throw new UnsupportedOperationException("this harness has no watches");
  }

  /** Like {@link #create}, with room for so many workers. Asked for only under HAS_A_CAPACITY. */
  default WorkerProvisioner createWithCapacity(int workers) {
    throw new UnsupportedOperationException("this harness has no bound");
  }

  /** How many workers are asked for at once; fewer where they are dear. */
  default int crowd() {
    return 24;
  }

  /** Where workers are told to dial. */
  Endpoint endpoint();

  /**
   * Makes somebody else start a worker of the healthy stack. Asked for only under
   * ANNOUNCES_WORKERS.
   */
  default WorkerId announce(WorkerProvisioner provisioner) {
    throw new UnsupportedOperationException("this harness announces no workers");
  }

  /** Ends a worker behind the provisioner's back. Asked for only under NOTICES_DEATH. */
  default void kill(WorkerId worker, ProvisionedWorker known) {
    throw new UnsupportedOperationException("this harness kills no workers");
  }

  /**
   * Lets a Runtime of the same identity start workers of the healthy stack and vanish without a
   * word, as if killed. Asked for only under RECOVERS, before {@link #create}.
   */
  default void leaveBehind(int workers) {
    throw new UnsupportedOperationException("this harness leaves nothing behind");
  }

  /**
   * Lets a Runtime of the same identity start workers that can come back, and vanish like that.
   * Asked for only under ADOPTS, before {@link #create}.
   */
  default Set<WorkerId> leaveResumable(int workers) {
    throw new UnsupportedOperationException("workers of this harness do not come back");
  }

  /**
   * How many workers of this identity the platform runs, asked of the platform itself; 0 where
   * there is none to ask.
   */
  int running();

  /** Ends and removes everything. */
  @Override
  void close();
}
