/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import java.time.Duration;

/** Options of the trigger; see {@link HttpTriggerFactory} for their meaning and defaults. */
record HttpOptions(
    String host,
    int port,
    String domain,
    Proxies proxies,
    int maximumConnections,
    int maximumHeaderBytes,
    long maximumBodyBytes,
    long maximumBufferedBytes,
    int maximumPending,
    Timeouts timeouts) {

  /** How long each part of a request may take. */
  record Timeouts(Duration head, Duration body, Duration idle, Duration caller) {}
}
