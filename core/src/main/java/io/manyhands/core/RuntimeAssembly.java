/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.RuntimeCapacity;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.core.concurrent.RuntimeExecutors;
import io.manyhands.core.concurrent.Strand;
import io.manyhands.core.concurrent.SystemSeams;
import io.manyhands.core.concurrent.TurnsExecutor;
import io.manyhands.core.functions.AppPreparation;
import io.manyhands.core.identity.AccessKeyStore;
import io.manyhands.core.identity.EnrolmentFile;
import io.manyhands.core.identity.Enrolments;
import io.manyhands.core.identity.FilePlaceholderStore;
import io.manyhands.core.identity.FileSecretSource;
import io.manyhands.core.identity.ForgetfulPlaceholders;
import io.manyhands.core.identity.Ids;
import io.manyhands.core.identity.KeyFile;
import io.manyhands.core.identity.ResumeTokens;
import io.manyhands.core.identity.TokenAuthenticator;
import io.manyhands.core.jobhost.JobHosts;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.core.placement.NamedProvisioner;
import io.manyhands.core.placement.Placement;
import io.manyhands.core.placement.Provisioners;
import io.manyhands.core.placement.SpreadingAssignment;
import io.manyhands.core.placement.WorkerRequests;
import io.manyhands.core.plugin.PluginCatalog;
import io.manyhands.core.registry.LiveWorkers;
import io.manyhands.core.registry.WorkerDoor;
import io.manyhands.core.routing.RequestRouter;
import io.manyhands.core.scaling.Autoscaler;
import io.manyhands.core.scaling.CapacitySignal;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.security.SecretSource;
import io.manyhands.spi.security.WorkerAuthenticator;
import io.manyhands.spi.store.PlaceholderStore;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.transport.WorkerTransport;
import io.manyhands.spi.trigger.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Puts the rooms together, lowest first, in one place. */
final class RuntimeAssembly {
  /** Applications whose files are read at a time: half of the threads that may block. */
  private static final int PREPARATIONS = 8;

  private RuntimeAssembly() {}

  /** Threads and clocks, ours or the tests'. */
  record Base(
      TimeSeams time,
      Executor lifecycle,
      Executor callbacks,
      Executor blocking,
      List<AutoCloseable> owned) {
    static Base of(ManyhandsRuntime.Builder builder, RuntimeOptions options) {
      List<AutoCloseable> owned = new ArrayList<>();
      TimeSeams time = builder.time;
      if (time == null) {
        SystemSeams seams = SystemSeams.create(options.runtimeId());
        owned.add(seams);
        time = seams.seams();
      }
      Executor one = builder.executor;
      if (one != null) {
        return new Base(time, one, one, one, owned);
      }
      RuntimeExecutors executors = RuntimeExecutors.create(options.runtimeId());
      owned.add(0, executors);
      return new Base(
          time, executors.lifecycle(), executors.callbacks(), executors.blocking(), owned);
    }
  }

  static EmbeddedRuntime assemble(ManyhandsRuntime.Builder builder) {
    RuntimeOptions options = builder.options;
    if (builder.transports.isEmpty()) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "Runtime: no transport given (expected: builder.transport(\"grpc\", ...) or another)");
    }
    PluginCatalog catalog = PluginParts.catalog(builder);
    Base base = Base.of(builder, options);
    try {
      return assemble(builder, options, catalog, base);
    } catch (RuntimeException e) {
      EmbeddedRuntime.closeQuietly(base.owned());
      throw e;
    }
  }

  private static EmbeddedRuntime assemble(
      ManyhandsRuntime.Builder builder, RuntimeOptions options, PluginCatalog catalog, Base base) {
    TimeSeams time = base.time();
    Metrics metrics = new Metrics();
    Ids ids = new Ids(time.randomness());
    SecretSource secrets = secrets(builder, options, time);
    ResumeTokens tokens =
        new ResumeTokens(
            options.runtimeId(),
            Long.toHexString(time.randomness().nextLong()),
            secrets.key("resume-tokens"));
    PluginParts parts = new PluginParts(builder, catalog, base, metrics);
    List<EmbeddedRuntime.Named<WorkerTransport>> transports = parts.transports();
    List<EmbeddedRuntime.Named<Trigger>> triggers = parts.triggers();
    LiveWorkers workers = new LiveWorkers(base.callbacks(), options.drainGrace(), metrics);
    Provisioners provisioners = new Provisioners(parts.provisioners(), time.randomness());
    Enrolments enrolments =
        new Enrolments(
            options.stateDirectory().isPresent()
                ? EnrolmentFile.in(parts.stateDirectory())
                : EnrolmentFile.none(),
            time,
            base.blocking(),
            stack -> provisioners.supply(stack).equals(Optional.of(StackInfo.Supply.UNASKED)));
    WorkerAuthenticator authenticator =
        builder.authenticator != null
            ? builder.authenticator
            : new TokenAuthenticator(
                options.runtimeId(),
                secrets.key("launch-tokens"),
                time.clock(),
                options.workerStartTimeout(),
                enrolments);
    WorkerRequests requests =
        new WorkerRequests(
            provisioners,
            workers,
            new WorkerRequests.Identity(
                ids, tokens, placeholders(builder, parts, base), authenticator),
            options,
            time,
            new WorkerRequests.Threads(base.lifecycle(), base.callbacks()),
            metrics);
    refusePlaceholdersOfDedicatedStacks(options, provisioners);
    int maximumWorkers =
        options.maximumWorkers().orElseGet(() -> inMemory(RuntimeCapacity.WORKER_BYTES));
    int maximumJobHosts =
        options.maximumJobHosts().orElseGet(() -> inMemory(RuntimeCapacity.JOB_HOST_BYTES));
    CapacitySignal capacity = new CapacitySignal(maximumJobHosts, maximumWorkers, base.callbacks());
    Placement placement =
        new Placement(
            Placement.Limits.of(options, maximumWorkers),
            requests,
            workers,
            builder.assignment == null ? new SpreadingAssignment() : builder.assignment,
            new Strand(base.lifecycle(), "placement"),
            time,
            metrics);
    workers.subscribe(placement);
    placement.onCount(capacity::onWorkers);
    RequestRouter router =
        new RequestRouter(
            placement,
            builder.balancer == null ? parts.loadBalancer() : builder.balancer,
            options,
            ids,
            time,
            base.callbacks(),
            metrics);
    AccessKeyStore keys =
        new AccessKeyStore(
            options.stateDirectory().isPresent()
                ? KeyFile.in(parts.stateDirectory())
                : KeyFile.none(),
            time.randomness(),
            base.blocking());
    Autoscaler autoscaler =
        new Autoscaler(
            placement,
            parts.policies(),
            options,
            new Strand(base.lifecycle(), "scaling"),
            time,
            metrics);
    router.watch(autoscaler);
    JobHosts jobHosts =
        new JobHosts(
            new JobHosts.Rooms(
                router,
                placement,
                new AppPreparation(options.functionTimeout(), secrets.key("settings")),
                triggers.stream().map(EmbeddedRuntime.Named::value).toList(),
                time,
                metrics,
                base.lifecycle(),
                new TurnsExecutor(base.blocking(), PREPARATIONS),
                options.drainGrace(),
                keys::forStart),
            definition ->
                !options.sharedLocalTrust()
                    && provisioners
                        .of(definition.stack())
                        .map(NamedProvisioner::provisioner)
                        .filter(WorkerProvisioner::sharesOneTrustDomain)
                        .isPresent(),
            maximumJobHosts);
    jobHosts.onCount(() -> capacity.onJobHosts(jobHosts::count));
    keys.onChange(jobHosts::onKeysMade);
    WorkerDoor door =
        new WorkerDoor(
            workers,
            new WorkerDoor.Proofs(tokens, authenticator, requests::isPeerOf),
            requests,
            base.blocking(),
            time,
            options.workerInitTimeout(),
            metrics);
    return new EmbeddedRuntime(
        new EmbeddedRuntime.Rooms(workers, requests, placement, router, jobHosts, door, metrics),
        new EmbeddedRuntime.Secrets(enrolments, keys),
        new EmbeddedRuntime.Plugins(transports, triggers),
        new EmbeddedRuntime.Scaling(autoscaler, capacity),
        options,
        List.copyOf(builder.applications),
        base);
  }

  /** How many of that size half of the heap holds. */
  private static int inMemory(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 2 / bytes);
  }

  private static void refusePlaceholdersOfDedicatedStacks(
      RuntimeOptions options, Provisioners provisioners) {
    options
        .placeholderTargets()
        .forEach(
            (stack, count) -> {
              if (count > 0
                  && provisioners.supply(stack).equals(Optional.of(StackInfo.Supply.DEDICATED))) {
                throw new ManyhandsException(
                    ErrorCode.INVALID_ARGUMENT,
                    "option placeholders of "
                        + stack
                        + ": "
                        + count
                        + " (expected: 0; its workers are each started for one application)");
              }
            });
  }

  /** The embedder's, else a journal in the state directory, else none. */
  private static PlaceholderStore placeholders(
      ManyhandsRuntime.Builder builder, PluginParts parts, Base base) {
    if (builder.placeholders != null) {
      return builder.placeholders;
    }
    if (builder.options.stateDirectory().isEmpty()) {
      return new ForgetfulPlaceholders();
    }
    PlaceholderStore store = FilePlaceholderStore.open(parts.stateDirectory(), base.blocking());
    if (store instanceof AutoCloseable open) {
      base.owned().add(open);
    }
    return store;
  }

  /** The embedder's, else files in the state directory, else keys that end with the Runtime. */
  private static SecretSource secrets(
      ManyhandsRuntime.Builder builder, RuntimeOptions options, TimeSeams time) {
    SecretSource given = builder.secrets;
    if (given != null) {
      return given;
    }
    return options
        .stateDirectory()
        .<SecretSource>map(
            directory -> new FileSecretSource(directory.resolve("keys"), time.randomness()))
        .orElseGet(() -> FileSecretSource.forgetful(time.randomness()));
  }
}
