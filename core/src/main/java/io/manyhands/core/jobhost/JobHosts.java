/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.jobhost;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.AccessKeys;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.JobHostInfo;
import io.manyhands.api.app.JobHostManager;
import io.manyhands.core.concurrent.Futures;
import io.manyhands.core.concurrent.Strand;
import io.manyhands.core.functions.AppPreparation;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.core.placement.Placement;
import io.manyhands.core.routing.RequestRouter;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.trigger.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;

/** All JobHosts of a Runtime, by application. Thread-safe. */
public final class JobHosts implements JobHostManager {
  /** What a JobHost works with, the same for all of a Runtime. */
  public record Rooms(
      RequestRouter router,
      Placement placement,
      AppPreparation preparation,
      List<Trigger> triggers,
      TimeSeams time,
      Metrics metrics,
      Executor lifecycle,
      Executor blocking,
      Duration drainGrace,
      Function<ApplicationDefinition, AccessKeys> keys) {}

  private final Rooms rooms;
  private final Predicate<ApplicationDefinition> sharesTrust;
  private final ConcurrentSkipListMap<ApplicationId, Entry> hosts = new ConcurrentSkipListMap<>();
  private final int maximum;
  private final AtomicInteger count = new AtomicInteger();
  private volatile Runnable countListener = () -> {};
  private volatile boolean closed;

  private record Entry(JobHost host, ApplicationDefinition definition) {}

  /**
   * @param sharesTrust true where the application's workers share a machine and user with other
   *     tenants' and nobody has allowed that
   * @param maximum applications that there may be
   */
  public JobHosts(Rooms rooms, Predicate<ApplicationDefinition> sharesTrust, int maximum) {
    this.rooms = rooms;
    this.maximum = maximum;
    this.sharesTrust = sharesTrust;
    rooms.metrics().gauge("jobhost.hosts", hosts::size);
  }

  /**
   * An application that was asked to start.
   *
   * @param known completes when whoever calls it finds it, or when it cannot start; never fails
   * @param running completes when it runs
   */
  public record Started(CompletableFuture<Void> known, CompletableFuture<JobHostInfo> running) {}

  @Override
  public CompletableFuture<JobHostInfo> start(ApplicationDefinition definition) {
    return declare(definition).running();
  }

  /** Starts an application, and tells of its beginning too. */
  public Started declare(ApplicationDefinition definition) {
    CompletableFuture<Void> known = new CompletableFuture<>();
    CompletableFuture<JobHostInfo> running = start(definition, () -> known.complete(null));
    running.whenComplete((info, error) -> known.complete(null));
    return new Started(known, running);
  }

  private CompletableFuture<JobHostInfo> start(ApplicationDefinition definition, Runnable known) {
    if (closed) {
      return Futures.failed(
          ErrorCode.RUNTIME_CLOSED, "application " + definition.id() + ": the Runtime is closing");
    }
    Optional<ManyhandsException> mixed = mixedTenants(definition);
    if (mixed.isPresent()) {
      return CompletableFuture.failedFuture(mixed.get());
    }
    CompletableFuture<JobHostInfo> result = new CompletableFuture<>();
    Strand strand = new Strand(rooms.lifecycle(), "application " + definition.id());
    Entry added = new Entry(new JobHost(definition, rooms, strand), definition);
    Entry present = hosts.putIfAbsent(definition.id(), added);
    if (present != null) {
      return Futures.failed(
          ErrorCode.APP_EXISTS,
          "application "
              + definition.id()
              + ": exists already ("
              + present.host().info().state()
              + "; update or stop it)");
    }
    if (count.incrementAndGet() > maximum) {
      forget(definition.id(), added);
      return Futures.failed(
          ErrorCode.RUNTIME_FULL,
          "application "
              + definition.id()
              + ": the Runtime has all of its "
              + maximum
              + " applications");
    }
    countListener.run();
    added.host().start(known).whenComplete((info, error) -> Futures.complete(result, info, error));
    return result;
  }

  @Override
  public CompletableFuture<JobHostInfo> update(ApplicationDefinition definition) {
    Entry entry = hosts.get(definition.id());
    if (entry == null) {
      return notFound(definition.id());
    }
    if (!entry.definition().tenant().equals(definition.tenant())) {
      return Futures.failed(
          ErrorCode.INVALID_ARGUMENT,
          "application "
              + definition.id()
              + ": tenant "
              + definition.tenant()
              + " (expected: "
              + entry.definition().tenant()
              + "; an application never changes hands)");
    }
    return entry.host().update(definition).copy();
  }

  @Override
  public CompletableFuture<Void> stop(ApplicationId id, Duration grace) {
    Entry entry = hosts.get(id);
    return entry == null ? notFound(id) : entry.host().stop(grace).thenRun(() -> forget(id, entry));
  }

  /** How many there are. */
  public int count() {
    return count.get();
  }

  /** Is called after each change of their number; on any thread. */
  public void onCount(Runnable listener) {
    countListener = listener;
  }

  private void forget(ApplicationId id, Entry entry) {
    if (hosts.remove(id, entry)) {
      count.decrementAndGet();
      countListener.run();
    }
  }

  @Override
  public Optional<JobHostInfo> find(ApplicationId id) {
    return Optional.ofNullable(hosts.get(id)).map(entry -> entry.host().info());
  }

  @Override
  public List<JobHostInfo> list() {
    return hosts.values().stream().map(entry -> entry.host().info()).toList();
  }

  /** The keys that were made for an application have changed; completes when they are in force. */
  public CompletableFuture<Void> onKeysMade(ApplicationId id) {
    Entry entry = hosts.get(id);
    return entry == null ? CompletableFuture.completedFuture(null) : entry.host().onKeysMade();
  }

  /** Refuses further starts and stops all. */
  public CompletableFuture<Void> stopAll(Duration grace) {
    closed = true;
    List<CompletableFuture<Void>> stopped = new ArrayList<>();
    hosts.keySet().forEach(id -> stopped.add(stop(id, grace)));
    return CompletableFuture.allOf(stopped.toArray(CompletableFuture[]::new));
  }

  private Optional<ManyhandsException> mixedTenants(ApplicationDefinition definition) {
    if (!sharesTrust.test(definition)) {
      return Optional.empty();
    }
    return hosts.values().stream()
        .filter(
            entry ->
                !entry.definition().tenant().equals(definition.tenant())
                    && sharesTrust.test(entry.definition()))
        .findFirst()
        .map(
            entry ->
                new ManyhandsException(
                    ErrorCode.INVALID_ARGUMENT,
                    "application "
                        + definition.id()
                        + " of tenant "
                        + definition.tenant()
                        + ": its workers would share an operating-system user with those of tenant "
                        + entry.definition().tenant()
                        + " (expected: one tenant, or the option sharedLocalTrust)"));
  }

  private static <T> CompletableFuture<T> notFound(ApplicationId id) {
    return Futures.failed(ErrorCode.APP_NOT_FOUND, "application " + id + ": not found");
  }
}
