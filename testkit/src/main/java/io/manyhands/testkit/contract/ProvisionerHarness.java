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
