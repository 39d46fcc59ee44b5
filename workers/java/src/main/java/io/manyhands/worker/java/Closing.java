/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import java.time.Duration;

/** What the end of a stream means for the worker. */
record Closing(Kind kind, int code, String reason, Duration notBefore) {
  enum Kind {
    /** Another stream is to be opened. */
    AGAIN,
    /** The host knows nothing of this service. */
    UNSERVED,
    /** The worker is to end. */
    END
  }

  static Closing again(String reason, Duration notBefore) {
    return new Closing(Kind.AGAIN, 1, reason, notBefore);
  }

  static Closing unserved(String reason) {
    return new Closing(Kind.UNSERVED, 1, reason, Duration.ZERO);
  }

  static Closing end(int code, String reason) {
    return new Closing(Kind.END, code, reason, Duration.ZERO);
  }
}
