/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.platform;

import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.StackInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A platform's API as {@link PlatformProvisioner} needs it. Methods block, each for a bounded time,
 * on the blocking executor, and may be called from several of its threads at once. What is gone
 * already counts as ended and removed. Instances are those with the labels of this Runtime and this
 * provisioner alone.
 */
public interface Platform {
  /** Stacks it has images for; known before {@link #open}. */
  List<StackInfo> stacks();

  /** Reaches the platform, or fails saying what was tried. */
  void open() throws PlatformException;

  /**
   * Starts one instance, and leaves none where it fails with BUSY; {@link #remove} follows where it
   * fails with REFUSED or UNREACHABLE, and another try where it fails with CONFLICT. One that
   * exists under the request's name was made by an earlier try, and counts as started.
   */
  Started start(ProvisionRequest request) throws PlatformException;

  /**
   * Asks an instance to end and returns; {@link #kill} follows where it has not after the grace.
   */
  void end(String key, Duration grace) throws PlatformException;

  /** Ends an instance by force and returns. */
  void kill(String key) throws PlatformException;

  /** Ends an instance by force, where it still runs, and removes it and all that belongs to it. */
  void remove(String key) throws PlatformException;

  /** All instances, ended ones included. */
  List<Instance> list() throws PlatformException;

  /** Says more of an end than a watch could; of an instance that has not been removed by us. */
  default Ending explain(String key, Ending told) throws PlatformException {
    return told;
  }

  /** The last lines of an instance that has ended, oldest first; empty where there are none. */
  List<String> lastOutput(String key, int lines) throws PlatformException;

  /** The worker of an instance that can come back by itself; empty where it cannot. */
  Optional<Recovered> recover(Instance instance) throws PlatformException;

  /**
   * Tells of ends as they happen, until closed. A watch that breaks says so; one that dies silently
   * is found out by {@link PlatformProvisioner}. A platform without watches returns empty.
   */
  Optional<AutoCloseable> watch(Watcher watcher) throws PlatformException;

  /**
   * Hands over what an instance writes from now on, until closed or its end; empty where only
   * {@link #lastOutput} can be had.
   */
  default Optional<AutoCloseable> follow(String key, Consumer<String> line, Runnable finished)
      throws PlatformException {
    return Optional.empty();
  }

  /** Lets go of every connection; the last call. */
  void close();

  /**
   * An instance that was started.
   *
   * @param platformId its name on the platform
   * @param worker what is known of the worker
   */
  record Started(String platformId, ProvisionedWorker worker) {}

  /**
   * A worker of an earlier Runtime.
   *
   * @param request what it was started by
   * @param worker what is known of it
   */
  record Recovered(ProvisionRequest request, ProvisionedWorker worker) {}

  /** Is told what happens on a platform; from any thread; never blocks. */
  interface Watcher {
    void ended(String key, Ending ending);

    /** No more will be told. */
    void broken(String why);
  }
}
