/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.JobHostState;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.trigger.InvocationSink;
import io.manyhands.spi.trigger.TriggerApplication;
import io.manyhands.spi.trigger.TriggerListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One revision of an application on the shared server: its routes, its state, the requests that
 * wait for it to run. Thread-safe.
 */
final class HttpListener implements TriggerListener {
  private final InvocationSink sink;
  private final AppTable table;
  private final HttpOptions options;
  private final TimeSeams time;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final AtomicInteger running = new AtomicInteger();
  private volatile TriggerApplication application;
  private volatile RouteSet routes = RouteSet.EMPTY;
  private volatile JobHostState state = JobHostState.STARTING;
  private volatile @Nullable CompletableFuture<Void> idle;

  /** A request that waits for the application to run. */
  interface Waiting {
    void resume();
  }

  HttpListener(
      TriggerApplication application,
      InvocationSink sink,
      AppTable table,
      HttpOptions options,
      TimeSeams time) {
    this.application = application;
    this.sink = sink;
    this.table = table;
    this.options = options;
    this.time = time;
    table.checkHosts(this);
  }

  ApplicationId id() {
    return application.id();
  }

  TriggerApplication application() {
    return application;
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

  /** The most calls at once that host.json allows; 0 is no limit. */
  int maximumConcurrent() {
    int requests = number("maxConcurrentRequests");
    int outstanding = number("maxOutstandingRequests");
    return requests == 0
        ? outstanding
        : outstanding == 0 ? requests : Math.min(requests, outstanding);
  }

  /** Counts a call in; false where it would be one too many. */
  boolean begin() {
    int maximum = maximumConcurrent();
    if (running.incrementAndGet() > maximum && maximum > 0) {
      end();
      return false;
    }
    return true;
  }

  void end() {
    if (running.decrementAndGet() == 0) {
      CompletableFuture<Void> done = idle;
      if (done != null) {
        done.complete(null);
      }
    }
  }

  /** Keeps a request until the application runs or fails; false where too many wait. */
  boolean await(Waiting request) {
    synchronized (waiting) {
      if (state == JobHostState.STARTING || state == JobHostState.INDEXING) {
        if (waiting.size() >= options.maximumPending()) {
          return false;
        }
        waiting.add(request);
        return true;
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

  TimeSeams time() {
    return time;
  }

  @Override
  public Map<String, String> prepare(List<FunctionDefinition> functions) {
    String prefix = text("routePrefix", "api");
    RouteSet prepared =
        RouteSet.of(id(), prefix.startsWith("/") ? prefix.substring(1) : prefix, functions);
    routes = prepared;
    return prepared.problems();
  }

  @Override
  public void onState(JobHostState next) {
    List<Waiting> resumed = new ArrayList<>();
    synchronized (waiting) {
      state = next;
      if (next != JobHostState.STARTING && next != JobHostState.INDEXING) {
        resumed.addAll(waiting);
        waiting.clear();
      }
    }
    if (next == JobHostState.RUNNING) {
      table.takeOver(this);
    } else if (next == JobHostState.STOPPED) {
      table.remove(this);
    }
    resumed.forEach(Waiting::resume);
  }

  @Override
  public void onApplicationChanged(TriggerApplication changed) {
    application = changed;
    table.checkHosts(this);
    table.changed();
  }

  @Override
  public CompletionStage<Void> stop() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    idle = done;
    if (running.get() == 0) {
      done.complete(null);
    }
    return done;
  }

  private int number(String key) {
    return section().get(key) instanceof Number number && number.intValue() > 0
        ? number.intValue()
        : 0;
  }

  private String text(String key, String defaultValue) {
    return section().get(key) instanceof String text ? text : defaultValue;
  }

  private Map<?, ?> section() {
    return application.extensions().get("http") instanceof Map<?, ?> section ? section : Map.of();
  }
}
