/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The listener into which language workers dial over gRPC.
 *
 * <p>May import {@code io.manyhands.api}, {@code io.manyhands.spi}, the generated protocol classes,
 * gRPC, protobuf and slf4j.
 */
@org.jspecify.annotations.NullMarked
package io.manyhands.transport.grpc;
