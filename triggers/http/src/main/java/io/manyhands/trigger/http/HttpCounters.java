/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import java.util.concurrent.atomic.LongAdder;

/**
 * What the trigger counts.
 *
 * @param requests that came
 * @param clientsGone before they had an answer
 * @param tooSlow bodies that did not come in time
 */
record HttpCounters(LongAdder requests, LongAdder clientsGone, LongAdder tooSlow) {}
