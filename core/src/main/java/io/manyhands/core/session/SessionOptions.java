/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.RuntimeOptions;
import java.time.Duration;

/** How long a session waits for what. */
public record SessionOptions(
    Duration start,
    Duration init,
    Duration reload,
    Duration load,
    Duration terminateGrace,
    Duration statusInterval,
    Duration resumeGrace,
    Duration declarationGrace,
    Duration packageFetch) {
  public static SessionOptions from(RuntimeOptions options) {
    return new SessionOptions(
        options.workerStartTimeout(),
        options.workerInitTimeout(),
        options.workerReloadTimeout(),
        options.functionLoadTimeout(),
        options.terminateGrace(),
        options.statusInterval(),
        options.resumeGrace(),
        options.declarationGrace(),
        options.packageFetchTimeout());
  }

  /** With what a worker's own configuration says. */
  public SessionOptions with(
      java.util.Optional<Duration> ownInit, java.util.Optional<Duration> ownReload) {
    return new SessionOptions(
        start,
        ownInit.orElse(init),
        ownReload.orElse(reload),
        load,
        terminateGrace,
        statusInterval,
        resumeGrace,
        declarationGrace,
        packageFetch);
  }
}
