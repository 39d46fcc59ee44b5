/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import io.manyhands.api.app.RetryPolicy;
import java.util.Optional;

/**
 * What routing knows of a function.
 *
 * @param problem why it cannot be called; empty where it can
 * @param retry when a failed call of it is run again; never where there is none
 */
public record RoutedFunction(Optional<String> problem, Optional<RetryPolicy> retry) {}
