/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The agent: stands between unmodified workers of its machine and a Runtime elsewhere. It starts
 * the workers, speaks the public protocol with them over the loopback address and our own service
 * with the Runtime, and passes messages on as bytes. May import grpc-protocol and support.
 *
 * <p>Everything that a message goes through is confined to one event loop, which both sides share;
 * what blocks (processes, files) runs on one thread beside it.
 */
@NullMarked
package io.manyhands.worker.agent;

import org.jspecify.annotations.NullMarked;
