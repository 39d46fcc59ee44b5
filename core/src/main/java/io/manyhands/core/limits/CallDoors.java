/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.limits;

import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.CallLimits;
import io.manyhands.api.app.TenantId;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.spi.time.Ticker;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Makes the doors of applications; those of one tenant share its limits. Thread-safe. */
public final class CallDoors {
  private final RuntimeOptions options;
  private final Ticker ticker;
  private final ByteBudget memory;
  private final Map<TenantId, Shared> tenants = new HashMap<>();
  private final LongAdder refused;
  private final LongAdder outOfMemory;

  /** Kept as long as an application of the tenant is there. */
  private static final class Shared {
    private final CallScope scope;
    private int applications;

    Shared(CallScope scope) {
      this.scope = scope;
    }
  }

  public CallDoors(RuntimeOptions options, Ticker ticker, Metrics metrics) {
    this.options = options;
    this.ticker = ticker;
    this.memory = new ByteBudget(options.bytesInFlight());
    this.refused = metrics.counter("limits.refused");
    this.outOfMemory = metrics.counter("limits.refused_memory");
    metrics.gauge("limits.bytes_in_flight", memory::held);
  }

  /** {@link CallDoor#close} follows. */
  public synchronized CallDoor open(ApplicationId application, TenantId tenant) {
    Shared shared =
        tenants.computeIfAbsent(
            tenant, id -> new Shared(scope("tenant " + id, options.tenantCallLimits(id))));
    shared.applications++;
    return new CallDoor(
        function -> scope("function " + application + "/" + function, CallLimits.none()),
        scope("application " + application, CallLimits.none()),
        shared.scope,
        memory,
        outOfMemory,
        () -> close(tenant));
  }

  private synchronized void close(TenantId tenant) {
    tenants.computeIfPresent(tenant, (id, shared) -> --shared.applications == 0 ? null : shared);
  }

  private CallScope scope(String name, CallLimits limits) {
    return new CallScope(name, limits, refused, ticker.nanos());
  }
}
