/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import org.junit.jupiter.api.Nested;

/** The official worker: Node.js with programming model v3. */
class NodeV3WorkerTest {
  @Nested
  class Direct extends BehaviourSuite {
    Direct() {
      super(StockWorker.NODE_V3, Wiring::coupled);
    }
  }

  @Nested
  class BehindTheAgent extends BehindAgentSuite {
    BehindTheAgent() {
      super(StockWorker.NODE_V3);
    }
  }
}
