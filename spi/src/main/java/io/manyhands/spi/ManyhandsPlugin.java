/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi;

import io.manyhands.spi.policy.KeepAlivePolicyFactory;
import io.manyhands.spi.policy.LoadBalancerFactory;
import io.manyhands.spi.policy.PoolPolicyFactory;
import io.manyhands.spi.policy.ScalePolicyFactory;
import io.manyhands.spi.provision.WorkerProvisionerFactory;
import io.manyhands.spi.store.ScheduleStoreFactory;
import io.manyhands.spi.transport.WorkerTransportFactory;
import io.manyhands.spi.trigger.TriggerFactory;
import java.util.List;

/**
 * What one jar adds to a Runtime; found by {@link java.util.ServiceLoader} or given to the builder.
 * Needs a public constructor without arguments for the former.
 */
public interface ManyhandsPlugin {
  /** Always {@code return SpiLevel.CURRENT;}. */
  int spiLevel();

  default List<WorkerTransportFactory> transports() {
    return List.of();
  }

  default List<WorkerProvisionerFactory> provisioners() {
    return List.of();
  }

  default List<TriggerFactory> triggers() {
    return List.of();
  }

  default List<LoadBalancerFactory> loadBalancers() {
    return List.of();
  }

  default List<ScheduleStoreFactory> scheduleStores() {
    return List.of();
  }

  default List<ScalePolicyFactory> scalePolicies() {
    return List.of();
  }

  default List<KeepAlivePolicyFactory> keepAlivePolicies() {
    return List.of();
  }

  default List<PoolPolicyFactory> poolPolicies() {
    return List.of();
  }
}
