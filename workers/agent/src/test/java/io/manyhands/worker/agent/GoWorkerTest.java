/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import org.junit.jupiter.api.Nested;

/** The official worker: Go. */
class GoWorkerTest {
  @Nested
  class Direct extends BehaviourSuite {
    Direct() {
      super(StockWorker.GO, Wiring::coupled);
    }
  }

  @Nested
  class BehindTheAgent extends BehindAgentSuite {
    BehindTheAgent() {
      super(StockWorker.GO);
    }
  }
}
