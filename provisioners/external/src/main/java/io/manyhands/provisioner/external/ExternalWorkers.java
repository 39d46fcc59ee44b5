/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.external;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.Termination;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Announces workers that somebody else starts. For each the Runtime issues an id that cannot be
 * guessed and serves once; whoever starts the worker passes on the arguments that come with it. The
 * Runtime then treats it as a placeholder. One that does not dial in within the Runtime's start
 * timeout is released. Workers that come back to a new start of the Runtime need no new
 * announcement; of what was known of them only a common PATH and LANG is left. Thread-safe; no
 * method blocks.
 */
public final class ExternalWorkers {
  static final ProvisionedWorker UNKNOWN =
      new ProvisionedWorker(
          OptionalLong.empty(),
          "",
          Map.of(),
          Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "LANG", "C.UTF-8"));

  private final AtomicReference<@Nullable ExternalProvisioner> provisioner =
      new AtomicReference<>();

  ExternalWorkers() {}

  void serve(ExternalProvisioner served) {
    if (!provisioner.compareAndSet(null, served)) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "provisioner external: the plug-in is used twice (expected: one instance a Runtime)");
    }
  }

  /**
   * Expects workers of which nothing is known beforehand: their environment, once they run an
   * application, holds a common PATH and LANG beside the application's own.
   *
   * @param stack one of those configured
   * @param count at least 1
   * @throws ManyhandsException RUNTIME_CLOSED before the Runtime has started or after it was
   *     closed; INVALID_ARGUMENT for a stack that is not configured, naming those that are;
   *     LIMIT_EXCEEDED where there would be too many
   */
  public List<ExpectedWorker> expect(WorkerStack stack, int count) {
    return expect(stack, count, UNKNOWN);
  }

  /**
   * Expects workers of which something is known: labels for their choice, the folder of the worker
   * program (which the official Java worker needs), and the variables that an application's
   * environment must keep.
   *
   * @see #expect(WorkerStack, int)
   */
  public List<ExpectedWorker> expect(WorkerStack stack, int count, ProvisionedWorker known) {
    return provisioner().expect(stack, count, known);
  }

  /**
   * Tells the Runtime that a worker has ended, which it otherwise learns from its connection alone.
   *
   * @return false where it does not know the worker, or knew already
   */
  public boolean ended(WorkerId worker, Termination termination) {
    return provisioner().ended(worker, termination);
  }

  private ExternalProvisioner provisioner() {
    ExternalProvisioner current = provisioner.get();
    if (current == null) {
      throw new ManyhandsException(
          ErrorCode.RUNTIME_CLOSED,
          "provisioner external: no Runtime uses this plug-in (expected: give it to the builder,"
              + " configure \"external\", start the Runtime)");
    }
    return current;
  }
}
