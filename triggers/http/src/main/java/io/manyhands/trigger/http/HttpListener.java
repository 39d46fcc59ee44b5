/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.JobHostState;
import io.manyhands.spi.trigger.InvocationSink;
import io.manyhands.spi.trigger.TriggerApplication;
import io.manyhands.spi.trigger.TriggerListener;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * One revision of an application on the shared server: its routes, its state, the requests that
 * wait for it to run. Thread-safe.
 */
final class HttpListener implements TriggerListener {
  private final InvocationSink sink;
  private final AppTable table;
  private final int maximumPending;
  private final Admission admission;
  private final Set<Waiting> waiting = new LinkedHashSet<>();
  private volatile TriggerApplication application;
  private volatile HostSection section = HostSection.defaults();
  private volatile KeyRing keys;
  private volatile RouteSet routes = RouteSet.EMPTY;
  private volatile JobHostState state = JobHostState.STARTING;

  /** A request that waits for the application to run. */
  interface Waiting {
    void resume();
  }

  HttpListener(
      TriggerApplication application, InvocationSink sink, AppTable table, int maximumPending) {
    this.application = application;
    this.keys = new KeyRing(application.keys(), application.madeKeys());
    this.sink = sink;
    this.table = table;
    this.maximumPending = maximumPending;
    this.admission = new Admission(maximumPending);
  }

  ApplicationId id() {
    return application.id();
  }

  TriggerApplication application() {
    return application;
  }

  HostSection section() {
    return section;
  }

  KeyRing keys() {
    return keys;
  }

  InvocationSink sink() {
    return sink;
  }

  RouteSet routes() {
    return routes;
  }

  JobHostState state() {
    return state;
  }

  Admission admission() {
    return admission;
  }

  boolean isStarting() {
    return state == JobHostState.STARTING || state == JobHostState.INDEXING;
  }

  /** Keeps a request until the application runs or fails; false where too many wait. */
  boolean await(Waiting request) {
    synchronized (waiting) {
      if (isStarting()) {
        return waiting.size() < maximumPending && waiting.add(request);
      }
    }
    request.resume();
    return true;
  }

  /** Takes a request back whose patience has ended; false where it was resumed. */
  boolean giveUp(Waiting request) {
    synchronized (waiting) {
      return waiting.remove(request);
    }
  }

  /** How many wait for the application to run. */
  int pending() {
    synchronized (waiting) {
      return waiting.size();
    }
  }

  @Override
  public Map<String, String> prepare(List<FunctionDefinition> functions) {
    table.claimHosts(this);
    RouteSet prepared = RouteSet.of(id(), section.routePrefix(), functions);
    routes = prepared;
    return prepared.problems();
  }

  @Override
  public void onState(JobHostState next) {
    List<Waiting> resumed = new ArrayList<>();
    if (next == JobHostState.RUNNING) {
      // Before anybody is resumed, and before the one that it follows is told to stop.
      state = next;
      table.takeOver(this);
    }
    synchronized (waiting) {
      state = next;
      if (!isStarting()) {
        resumed.addAll(waiting);
        waiting.clear();
      }
    }
    if (next == JobHostState.STOPPED) {
      table.remove(this);
    }
    resumed.forEach(Waiting::resume);
  }

  @Override
  public void onApplicationChanged(TriggerApplication changed) {
    HostSection read = HostSection.of(changed.id(), changed.extensions());
    TriggerApplication before = application;
    application = changed;
    try {
      table.changed(this);
    } catch (RuntimeException e) {
      application = before;
      throw e;
    }
    section = read;
    admission.limits(read);
    keys = new KeyRing(changed.keys(), changed.madeKeys());
  }

  @Override
  public CompletionStage<Void> stop() {
    return admission.close().copy();
  }
}
