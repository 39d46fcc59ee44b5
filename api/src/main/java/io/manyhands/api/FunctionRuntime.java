/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api;

import io.manyhands.api.app.AccessKeyManager;
import io.manyhands.api.app.JobHostManager;
import io.manyhands.api.invocation.Router;
import io.manyhands.api.worker.HealthMonitor;
import io.manyhands.api.worker.WorkerEnrolments;
import io.manyhands.api.worker.WorkerRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One shared Runtime: many applications of many tenants, each with its own JobHost, served by
 * workers that dial in.
 *
 * <p>Started once and closed once; thread-safe throughout. Everything asynchronous fails through
 * its future with a {@link ManyhandsException}.
 */
public interface FunctionRuntime extends AutoCloseable {
  /**
   * Opens the listeners, recovers what an earlier Runtime left, fills the pools, starts the initial
   * applications. A failed start closes what it opened.
   */
  CompletableFuture<Void> start();

  /** The applications and their JobHosts. */
  JobHostManager jobHosts();

  /** The live workers. */
  WorkerRegistry workers();

  /** Calls functions. */
  Router router();

  /** The keys that the Runtime makes for applications. */
  AccessKeyManager accessKeys();

  /** Credentials for pools of workers that somebody else starts. */
  WorkerEnrolments enrolments();

  /** Health of the Runtime and of each worker. */
  HealthMonitor health();

  /** Counters and timings of every room. */
  MetricsSnapshot metrics();

  /** How many workers each application and placeholders each pool should have, and why. */
  ScalingSnapshot scaling();

  /** How much more it takes. */
  RuntimeCapacity capacity();

  /**
   * Tells the capacity now and whenever it changes; closing the handle ends that. The first telling
   * may come before this returns.
   */
  AutoCloseable addCapacityListener(CapacityListener listener);

  /**
   * Where this Runtime listens, once started: transports and triggers, in the order they were
   * opened.
   */
  List<Endpoint> endpoints();

  /**
   * Withdraws its capacity, refuses new work, lets calls in flight finish within the grace, ends
   * every worker, releases every thread, port and process. Completes when all is done; a second
   * call returns the same future.
   *
   * @param grace how long calls in flight may take to finish
   */
  CompletableFuture<Void> shutdown(Duration grace);

  /**
   * {@link #shutdown} with the drain grace of the options; waits for the end, at most the grace and
   * one minute.
   */
  @Override
  void close();

  /** Waits for a start, for callers that have nothing else to do. */
  default void startAndWait(Duration atMost) {
    CompletableFuture<Void> started = start();
    try {
      started.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ManyhandsException(ErrorCode.CANCELLED, "Runtime start: interrupted", e);
    } catch (TimeoutException e) {
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE, "Runtime start: not done after " + atMost, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ManyhandsException cause) {
        throw cause;
      }
      throw new ManyhandsException(
          ErrorCode.INTERNAL, "Runtime start failed: " + e.getCause(), e.getCause());
    }
  }
}
