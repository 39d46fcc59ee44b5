/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Warm invocations: through the Router and the HTTP trigger, beside a raw gRPC stream and a raw
 * HTTP server.
 *
 * <p>May import everything.
 */
@org.jspecify.annotations.NullMarked
package io.manyhands.benchmarks.routing;
