/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.external;

import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A worker that the Runtime expects to dial in. Thread-safe. */
public final class ExpectedWorker {
  private final WorkerId id;
  private final WorkerStack stack;
  private final List<String> arguments;
  private final String credential;
  private final CompletableFuture<String> released = new CompletableFuture<>();

  ExpectedWorker(WorkerId id, WorkerStack stack, List<String> arguments, String credential) {
    this.id = id;
    this.stack = stack;
    this.arguments = List.copyOf(arguments);
    this.credential = credential;
  }

  public WorkerId id() {
    return id;
  }

  public WorkerStack stack() {
    return stack;
  }

  /**
   * The command line arguments to start it with, after those of its own program. They hold its id,
   * which is all the credential that it has.
   */
  public List<String> arguments() {
    return arguments;
  }

  /**
   * What a worker or agent that speaks our extension presents beside its id, and must where it does
   * not dial from the Runtime's own machine: to be handed on in the environment variable {@code
   * MANYHANDS_CREDENTIAL} or in a private file that {@code MANYHANDS_CREDENTIAL_FILE} names, never
   * on a command line. Stock workers have no use for it.
   */
  public String credential() {
    return credential;
  }

  /**
   * Completes with the reason when the Runtime needs the worker no more, or it has ended: whoever
   * started it must now see that its process ends, because some workers never do by themselves.
   */
  public CompletableFuture<String> released() {
    return released.copy();
  }

  void release(String reason) {
    released.complete(reason);
  }

  /** Without the arguments. */
  @Override
  public String toString() {
    return "ExpectedWorker[" + id + ", " + stack + "]";
  }
}
