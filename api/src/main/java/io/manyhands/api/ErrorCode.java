/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api;

/**
 * What went wrong, by who can mend it. Each code says whether the same request may be tried again
 * without risk of running twice.
 */
public enum ErrorCode {
  /** An argument, option, definition or file is not of the required form. */
  INVALID_ARGUMENT(Group.USER, false),
  /** No application of that id. */
  APP_NOT_FOUND(Group.USER, false),
  /** The application has no function of that name. */
  FUNCTION_NOT_FOUND(Group.USER, false),
  /**
   * The application's JobHost has failed or the function could not be loaded; the message has the
   * reason.
   */
  APP_FAILED(Group.USER, false),
  /** The application is stopped or draining. */
  APP_STOPPED(Group.USER, true),
  /** An application of that id exists already. */
  APP_EXISTS(Group.USER, false),
  /** The function ran and reported a failure. */
  FUNCTION_FAILED(Group.USER, false),
  /** The caller went away or cancelled. */
  CANCELLED(Group.USER, false),
  /** A message or payload is larger than its limit. */
  PAYLOAD_TOO_LARGE(Group.USER, false),
  /** A limit of the function, the application or its tenant was reached. */
  LIMIT_EXCEEDED(Group.USER, true),

  /** The worker was lost after the call was sent: the function may have run. */
  WORKER_LOST(Group.WORKER, false),
  /** The worker could not be started, initialized or specialized. */
  WORKER_START_FAILED(Group.WORKER, true),
  /** The worker broke the protocol. */
  PROTOCOL_VIOLATION(Group.WORKER, false),
  /** The call's deadline passed; it may have run. */
  DEADLINE_EXCEEDED(Group.WORKER, false),
  /** A worker that was presented is not one this Runtime expects. */
  WORKER_REFUSED(Group.WORKER, false),

  /** The application's queue, or the memory that the Runtime has for calls, is full. */
  QUEUE_FULL(Group.CAPACITY, true),
  /** No worker became free in time; the call was never sent. */
  NO_WORKER(Group.CAPACITY, true),
  /** The Runtime has as many applications as it takes. */
  RUNTIME_FULL(Group.CAPACITY, true),
  /** The platform refused or could not deliver. */
  PROVISIONING_FAILED(Group.CAPACITY, true),

  /** A listen address is in use, a directory cannot be written, or the like. */
  RESOURCE_UNAVAILABLE(Group.INTERNAL, true),
  /** The Runtime is not running (not started, closing or closed). */
  RUNTIME_CLOSED(Group.INTERNAL, true),
  /** A defect of this library or of a plug-in. */
  INTERNAL(Group.INTERNAL, false);

  /** Who can mend it. */
  public enum Group {
    USER,
    WORKER,
    CAPACITY,
    INTERNAL
  }

  private final Group group;
  private final boolean retrySafe;

  ErrorCode(Group group, boolean retrySafe) {
    this.group = group;
    this.retrySafe = retrySafe;
  }

  /** Who can mend it. */
  public Group group() {
    return group;
  }

  /** True where nothing ran, so that trying again cannot run it twice. */
  public boolean retrySafe() {
    return retrySafe;
  }
}
