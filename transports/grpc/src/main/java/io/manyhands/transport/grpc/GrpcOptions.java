/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import java.time.Duration;

/** Options of the listener; see {@link GrpcTransportFactory} for their meaning and defaults. */
record GrpcOptions(
    String host,
    int port,
    int maximumInboundMessageBytes,
    int maximumOutboundMessageBytes,
    int flowControlWindowBytes,
    long outboxBytes,
    Duration pathTimeout) {}
