/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import java.time.Duration;
import java.util.List;

/** Options of the trigger; see {@link HttpTriggerFactory} for their meaning and defaults. */
record HttpOptions(
    String host,
    int port,
    String domain,
    long maximumBodyBytes,
    Duration bodyTimeout,
    Duration idleTimeout,
    Duration callerTimeout,
    int maximumPending,
    List<String> trustedProxies) {}
