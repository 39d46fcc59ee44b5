/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.app;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Starts, updates and stops applications while the Runtime runs; one isolated JobHost each.
 * Thread-safe.
 */
public interface JobHostManager {
  /**
   * Starts an application. Completes when it serves (RUNNING); a failure (FAILED) completes the
   * future exceptionally and stays listed with its reason until it is stopped or updated. An id in
   * use fails with APP_EXISTS.
   */
  CompletableFuture<JobHostInfo> start(ApplicationDefinition definition);

  /**
   * Rolls an application to a new definition: workers of the new revision are ready before those of
   * the old one drain. A failed update leaves the old revision serving. With an equal revision only
   * keys, host names and limits are taken over.
   */
  CompletableFuture<JobHostInfo> update(ApplicationDefinition definition);

  /**
   * Stops triggers, lets calls in flight finish within the grace, releases the workers, forgets the
   * application. An unknown id fails with APP_NOT_FOUND.
   */
  CompletableFuture<Void> stop(ApplicationId id, Duration grace);

  /** The JobHost of that id. */
  Optional<JobHostInfo> find(ApplicationId id);

  /** All JobHosts, by id. */
  List<JobHostInfo> list();
}
