/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.limits;

import io.manyhands.api.ErrorCode;
import java.time.Duration;
import java.util.Optional;

/**
 * Why a call is not let in.
 *
 * @param retryAfter when it may be; empty where nobody knows
 */
public record Refusal(ErrorCode code, String reason, Optional<Duration> retryAfter) {}
