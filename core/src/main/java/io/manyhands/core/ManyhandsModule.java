/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.app.JobHostManager;
import io.manyhands.api.invocation.Router;
import io.manyhands.api.worker.HealthMonitor;
import io.manyhands.api.worker.WorkerRegistry;

/**
 * Binds a Runtime and its four services for Guice users: {@code new
 * ManyhandsModule(ManyhandsRuntime.builder()...)}. The Runtime is a singleton; whoever made the
 * injector starts and closes it.
 */
public final class ManyhandsModule extends AbstractModule {
  private final ManyhandsRuntime.Builder builder;

  public ManyhandsModule(ManyhandsRuntime.Builder builder) {
    this.builder = builder;
  }

  @Override
  protected void configure() {
    binder().requireExplicitBindings();
    binder().requireAtInjectOnConstructors();
    binder().requireExactBindingAnnotations();
  }

  @Provides
  @Singleton
  FunctionRuntime runtime() {
    return RuntimeAssembly.assemble(builder);
  }

  @Provides
  JobHostManager jobHosts(FunctionRuntime runtime) {
    return runtime.jobHosts();
  }

  @Provides
  WorkerRegistry workers(FunctionRuntime runtime) {
    return runtime.workers();
  }

  @Provides
  Router router(FunctionRuntime runtime) {
    return runtime.router();
  }

  @Provides
  HealthMonitor health(FunctionRuntime runtime) {
    return runtime.health();
  }
}
