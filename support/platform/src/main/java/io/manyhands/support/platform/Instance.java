/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.platform;

import java.util.Objects;
import java.util.Optional;

/**
 * What runs on a platform for one worker: a container, a pod, a container group.
 *
 * @param key {@link InstanceKey} of its worker, as its label says
 * @param platformId the platform's own name of it
 * @param ending how it ended; empty while it starts or runs
 */
public record Instance(String key, String platformId, Optional<Ending> ending) {
  public Instance {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(platformId, "platformId");
    Objects.requireNonNull(ending, "ending");
  }
}
