/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import io.manyhands.transport.grpc.protocol.BindingInfo;
import java.util.Map;

/**
 * A function that can be invoked.
 *
 * @param bindings as the host's load gave them; empty where it gave none
 */
record LoadedFunction(AppScript.Function script, Map<String, BindingInfo> bindings) {
  LoadedFunction {
    bindings = Map.copyOf(bindings);
  }
}
