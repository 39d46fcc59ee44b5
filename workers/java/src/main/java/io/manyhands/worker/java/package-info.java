/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * A worker process that runs functions written in Java.
 *
 * <p>May import the generated protocol classes, gRPC, protobuf, the functions annotations and Gson,
 * never {@code io.manyhands.core}.
 */
@org.jspecify.annotations.NullMarked
package io.manyhands.worker.java;
