/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import org.junit.jupiter.api.Nested;

/** The official worker: Python with programming model v1. */
class PythonV1WorkerTest {
  @Nested
  class Direct extends BehaviourSuite {
    Direct() {
      super(StockWorker.PYTHON_V1, Wiring::coupled);
    }
  }

  @Nested
  class BehindTheAgent extends BehindAgentSuite {
    BehindTheAgent() {
      super(StockWorker.PYTHON_V1);
    }
  }
}
