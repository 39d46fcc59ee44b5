/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * One program that behaves, a mode a worker, as the official workers were measured to; for tests.
 *
 * <p>May import the generated protocol classes, gRPC and protobuf, never {@code io.manyhands.core}.
 */
@org.jspecify.annotations.NullMarked
package io.manyhands.worker.doubles;
