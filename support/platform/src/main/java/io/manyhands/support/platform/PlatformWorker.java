/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.platform;

import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.ProvisionedWorker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A worker from its request to its end. Its state is guarded by its own lock. */
final class PlatformWorker {
  private enum Phase {
    QUEUED,
    STARTING,
    /** The platform took it, and whoever asked is being told. */
    ACCEPTING,
    ACCEPTED,
    FINISHING
  }

  private final WorkerId id;
  private final WorkerStack stack;
  private final String key;
  private final CompletableFuture<ProvisionedWorker> accepted = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private Phase phase = Phase.QUEUED;
  private CallQueue.@Nullable Task task;
  private @Nullable Duration unwanted;
  private @Nullable Ending early;
  private @Nullable Output output;
  private boolean endAsked;
  private boolean killed;
  private long round;
  private int conflicts;

  PlatformWorker(WorkerId id, WorkerStack stack) {
    this.id = id;
    this.stack = stack;
    this.key = InstanceKey.of(id);
  }

  WorkerId id() {
    return id;
  }

  WorkerStack stack() {
    return stack;
  }

  String key() {
    return key;
  }

  CompletableFuture<ProvisionedWorker> accepted() {
    return accepted;
  }

  CompletableFuture<Void> ended() {
    return ended;
  }

  synchronized void task(CallQueue.Task start) {
    task = start;
  }

  synchronized CallQueue.@Nullable Task task() {
    return task;
  }

  synchronized void output(@Nullable Output read) {
    output = read;
  }

  synchronized @Nullable Output output() {
    return output;
  }

  /** How often the platform met a conflict, this one included. */
  synchronized int conflict() {
    phase = Phase.QUEUED;
    return ++conflicts;
  }

  synchronized boolean isUnwanted() {
    return unwanted != null;
  }

  /** False where it was released before. */
  synchronized boolean starting() {
    if (unwanted != null) {
      return false;
    }
    phase = Phase.STARTING;
    return true;
  }

  /**
   * The platform took it; false where it was released before.
   *
   * @param now the round of comparison that runs or was the last: an earlier list does not show it
   */
  synchronized boolean accepting(long now) {
    if (unwanted != null) {
      return false;
    }
    phase = Phase.ACCEPTING;
    round = now;
    return true;
  }

  /**
   * Whoever asked has been told: what came meanwhile may go on.
   *
   * @param ending told early; null where it has not ended
   * @param unwanted the grace of an early release; null where it is wanted
   */
  record Meanwhile(@Nullable Ending ending, @Nullable Duration unwanted) {}

  synchronized Meanwhile opened() {
    phase = Phase.ACCEPTED;
    return new Meanwhile(early, unwanted);
  }

  /** True where its end is now to be seen to; an early one waits for the acceptance. */
  synchronized boolean finishing(Ending ending) {
    if (phase == Phase.ACCEPTED) {
      phase = Phase.FINISHING;
      return true;
    }
    if (phase != Phase.FINISHING && early == null) {
      early = ending;
    }
    return false;
  }

  /** True where the platform is now to be asked for its end. */
  synchronized boolean release(Duration grace) {
    boolean shorter = unwanted == null || grace.compareTo(unwanted) < 0;
    if (shorter) {
      unwanted = grace;
    }
    return phase == Phase.ACCEPTED && shorter;
  }

  /** The platform took the request for its end. */
  synchronized void endAsked() {
    endAsked = true;
  }

  synchronized void wasKilled() {
    killed = true;
  }

  synchronized boolean isKilled() {
    return killed;
  }

  synchronized boolean isAskedToEnd() {
    return endAsked;
  }

  /** True where a list of that round must show it. */
  synchronized boolean mustBeListed(long listed) {
    return phase == Phase.ACCEPTED && round < listed;
  }
}
