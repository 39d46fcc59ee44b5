/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.provision;

import io.manyhands.api.Endpoint;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import java.util.Optional;

/** Is told what happens to a provisioner's workers. Callable from any thread; never blocks. */
public interface ProvisionerListener {
  /**
   * Where workers are to dial; for provisioners that tell it to somebody before any request. Empty
   * where there is none, as in tests.
   */
  default Optional<Endpoint> endpoint() {
    return Optional.empty();
  }

  /**
   * What a worker that will be expected under this id is to present where it speaks our extension;
   * see {@link ProvisionRequest#credential}. Empty where there is nothing.
   */
  default String credential(WorkerId worker, WorkerStack stack) {
    return "";
  }

  /**
   * A worker that nobody here asked for will dial in under this id, within the Runtime's start
   * timeout unless it is terminated before.
   */
  default void onExpected(WorkerId worker, WorkerStack stack, ProvisionedWorker known) {}

  /**
   * A worker that an earlier start of the Runtime was given still runs and can come back by itself.
   * Told before the provisioner's start completes. It dials in again, with the proof that it was
   * given or, where it had not connected yet, as a new one; one that does not is released.
   */
  default void onRecovered(WorkerId worker, WorkerStack stack, ProvisionedWorker known) {
    onExpected(worker, stack, known);
  }

  /** A line that the worker wrote to its standard output or error. */
  default void onOutput(WorkerId worker, String line, boolean error) {}

  /** The worker has ended. Exactly once for each accepted, expected or recovered one. */
  void onTerminated(WorkerId worker, Termination termination);
}
