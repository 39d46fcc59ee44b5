/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import java.time.Duration;

/**
 * What the end of a stream to the Runtime means.
 *
 * @param again whether another stream is to be opened, not before {@code notBefore} has passed
 * @param orderly where the worker is to end: whether the Runtime wished it
 */
record Closing(boolean again, boolean orderly, String reason, Duration notBefore) {
  static Closing again(String reason, Duration notBefore) {
    return new Closing(true, true, reason, notBefore);
  }

  static Closing again(String reason) {
    return again(reason, Duration.ZERO);
  }

  static Closing released(String reason) {
    return new Closing(false, true, reason, Duration.ZERO);
  }

  static Closing refused(String reason) {
    return new Closing(false, false, reason, Duration.ZERO);
  }
}
