/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api;

import io.manyhands.api.app.CallLimits;
import io.manyhands.api.app.TenantId;
import io.manyhands.api.worker.WorkerStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Options of a Runtime. Immutable; {@link #defaults()} states every default, {@link #toBuilder()}
 * changes some. Durations must be positive.
 */
public final class RuntimeOptions {
  private final Builder values;

  private RuntimeOptions(Builder values) {
    this.values = values;
  }

  /** All defaults. */
  public static RuntimeOptions defaults() {
    return builder().build();
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts from these. */
  public Builder toBuilder() {
    return new Builder(values);
  }

  /** Names this Runtime; a DNS label. Default {@code manyhands}. */
  public String runtimeId() {
    return values.runtimeId;
  }

  /**
   * Where keys, the process ledger and timer schedules are kept; none keeps nothing across a
   * restart, and plug-ins that need it refuse to start. Default none.
   */
  public Optional<Path> stateDirectory() {
    return Optional.ofNullable(values.stateDirectory);
  }

  /** Placeholders to keep ready, by stack. Default none. */
  public Map<WorkerStack, Integer> placeholderTargets() {
    return values.placeholders;
  }

  /**
   * Workers that there may be at once, placeholders and those on their way included. Default: as
   * many as half of the heap holds, see {@link RuntimeCapacity}.
   */
  public OptionalInt maximumWorkers() {
    return values.maximumWorkers;
  }

  /** Workers that the applications of one tenant may have together. Default: no limit. */
  public OptionalInt maximumWorkersPerTenant() {
    return values.maximumWorkersPerTenant;
  }

  /**
   * Applications that there may be at once. Default: as many as half of the heap holds, see {@link
   * RuntimeCapacity}.
   */
  public OptionalInt maximumJobHosts() {
    return values.maximumJobHosts;
  }

  /**
   * How long an application without calls keeps its workers; then it falls to its minimum. Default
   * 10 minutes.
   */
  public Duration idleTimeout() {
    return values.idleTimeout;
  }

  /** Deadline of a call whose host.json is silent. Default 5 minutes. */
  public Duration functionTimeout() {
    return values.functionTimeout;
  }

  /** Calls that may wait in one application's queue. Default 1,000. */
  public int queueCalls() {
    return values.queueCalls;
  }

  /** Payload bytes that may wait in one application's queue. Default 16 MiB. */
  public long queueBytes() {
    return values.queueBytes;
  }

  /**
   * Payload bytes of all calls that are under way; a call beyond them is refused with QUEUE_FULL.
   * Default a quarter of the heap.
   */
  public long bytesInFlight() {
    return values.bytesInFlight;
  }

  /**
   * The share of a tenant where applications of several wait for workers: one of weight 2 is served
   * twice as often. Default 1.
   */
  public int tenantWeight(TenantId tenant) {
    return values.tenantWeights.getOrDefault(tenant, 1);
  }

  /**
   * Log entries and lines of output that the workers of one application may write a second, and ten
   * times as many at once after a pause; more are dropped, counted and mentioned. 1 to 100,000.
   * Default 2,000.
   */
  public int logEntriesPerSecond() {
    return values.logEntriesPerSecond;
  }

  /** What the calls of one tenant's applications may take together. Default no limit. */
  public CallLimits tenantCallLimits(TenantId tenant) {
    return values.tenantCalls.getOrDefault(tenant, values.everyTenantsCalls);
  }

  /** From the request to a platform until the worker's first message. Default 60 s. */
  public Duration workerStartTimeout() {
    return values.workerStartTimeout;
  }

  /** From the first message until WorkerInitResponse. Default 10 s. */
  public Duration workerInitTimeout() {
    return values.workerInitTimeout;
  }

  /** For an agent to fetch, verify and unpack an application's package. Default 5 minutes. */
  public Duration packageFetchTimeout() {
    return values.packageFetchTimeout;
  }

  /** For an environment reload. Default 30 s. */
  public Duration workerReloadTimeout() {
    return values.workerReloadTimeout;
  }

  /** For indexing, and for the load of one function. Default 60 s. */
  public Duration functionLoadTimeout() {
    return values.functionLoadTimeout;
  }

  /** How long calls in flight may take to finish in a drain. Default 30 s. */
  public Duration drainGrace() {
    return values.drainGrace;
  }

  /** Between WorkerTerminate and the end by force. Default 5 s. */
  public Duration terminateGrace() {
    return values.terminateGrace;
  }

  /**
   * How long a worker of our own protocol extension may be away before it is lost; calls in flight
   * wait as long. Default 5 s.
   */
  public Duration resumeGrace() {
    return values.resumeGrace;
  }

  /**
   * How long a worker that an earlier start of this Runtime specialized is held, without calls, for
   * its application's revision to be declared. Default 30 s.
   */
  public Duration declarationGrace() {
    return values.declarationGrace;
  }

  /** How often a worker is asked for its status. Default 15 s. */
  public Duration statusInterval() {
    return values.statusInterval;
  }

  /**
   * True completes {@link io.manyhands.api.invocation.Router} futures on the I/O thread: faster,
   * but callers must not block. Default false.
   */
  public boolean directCompletion() {
    return values.directCompletion;
  }

  /**
   * Several tenants on local workers under one OS user are one trust domain: code can read its
   * neighbours' memory and files. Default false: refused.
   */
  public boolean sharedLocalTrust() {
    return values.sharedLocalTrust;
  }

  /** Collects options. */
  public static final class Builder {
    private static final int HEAVIEST = 1000;
    private static final int MOST_LOG_ENTRIES = 100_000;

    private String runtimeId = "manyhands";
    private @org.jspecify.annotations.Nullable Path stateDirectory;
    private Map<WorkerStack, Integer> placeholders = Map.of();
    private OptionalInt maximumWorkers = OptionalInt.empty();
    private OptionalInt maximumWorkersPerTenant = OptionalInt.empty();
    private OptionalInt maximumJobHosts = OptionalInt.empty();
    private Duration idleTimeout = Duration.ofMinutes(10);
    private Duration functionTimeout = Duration.ofMinutes(5);
    private int queueCalls = 1000;
    private long queueBytes = 16L << 20;
    private long bytesInFlight = Runtime.getRuntime().maxMemory() / 4;
    private int logEntriesPerSecond = 2000;
    private CallLimits everyTenantsCalls = CallLimits.none();
    private Map<TenantId, CallLimits> tenantCalls = Map.of();
    private Map<TenantId, Integer> tenantWeights = Map.of();
    private Duration workerStartTimeout = Duration.ofSeconds(60);
    private Duration workerInitTimeout = Duration.ofSeconds(10);
    private Duration workerReloadTimeout = Duration.ofSeconds(30);
    private Duration packageFetchTimeout = Duration.ofMinutes(5);
    private Duration functionLoadTimeout = Duration.ofSeconds(60);
    private Duration drainGrace = Duration.ofSeconds(30);
    private Duration terminateGrace = Duration.ofSeconds(5);
    private Duration statusInterval = Duration.ofSeconds(15);
    private Duration resumeGrace = Duration.ofSeconds(5);
    private Duration declarationGrace = Duration.ofSeconds(30);
    private boolean directCompletion;
    private boolean sharedLocalTrust;

    private Builder() {}

    private Builder(Builder from) {
      runtimeId = from.runtimeId;
      stateDirectory = from.stateDirectory;
      placeholders = from.placeholders;
      maximumWorkers = from.maximumWorkers;
      maximumWorkersPerTenant = from.maximumWorkersPerTenant;
      maximumJobHosts = from.maximumJobHosts;
      idleTimeout = from.idleTimeout;
      functionTimeout = from.functionTimeout;
      queueCalls = from.queueCalls;
      queueBytes = from.queueBytes;
      bytesInFlight = from.bytesInFlight;
      logEntriesPerSecond = from.logEntriesPerSecond;
      everyTenantsCalls = from.everyTenantsCalls;
      tenantCalls = from.tenantCalls;
      tenantWeights = from.tenantWeights;
      workerStartTimeout = from.workerStartTimeout;
      workerInitTimeout = from.workerInitTimeout;
      workerReloadTimeout = from.workerReloadTimeout;
      packageFetchTimeout = from.packageFetchTimeout;
      functionLoadTimeout = from.functionLoadTimeout;
      drainGrace = from.drainGrace;
      terminateGrace = from.terminateGrace;
      statusInterval = from.statusInterval;
      resumeGrace = from.resumeGrace;
      declarationGrace = from.declarationGrace;
      directCompletion = from.directCompletion;
      sharedLocalTrust = from.sharedLocalTrust;
    }

    public Builder runtimeId(String id) {
      runtimeId = DnsLabel.check("runtimeId", id);
      return this;
    }

    public Builder stateDirectory(Path directory) {
      stateDirectory = Objects.requireNonNull(directory, "stateDirectory");
      return this;
    }

    /** Keeps that many placeholders of the stack ready. */
    public Builder placeholders(WorkerStack stack, int count) {
      if (count < 0) {
        throw invalid("placeholders of " + stack, count, "0 or more");
      }
      Map<WorkerStack, Integer> copy = new LinkedHashMap<>(placeholders);
      copy.put(stack, count);
      placeholders = java.util.Collections.unmodifiableMap(copy);
      return this;
    }

    public Builder maximumWorkers(int workers) {
      maximumWorkers = OptionalInt.of(atLeastOne("maximumWorkers", workers));
      return this;
    }

    public Builder maximumWorkersPerTenant(int workers) {
      maximumWorkersPerTenant = OptionalInt.of(atLeastOne("maximumWorkersPerTenant", workers));
      return this;
    }

    public Builder maximumJobHosts(int jobHosts) {
      maximumJobHosts = OptionalInt.of(atLeastOne("maximumJobHosts", jobHosts));
      return this;
    }

    public Builder idleTimeout(Duration timeout) {
      idleTimeout = positive("idleTimeout", timeout);
      return this;
    }

    public Builder functionTimeout(Duration timeout) {
      functionTimeout = positive("functionTimeout", timeout);
      return this;
    }

    public Builder queueCalls(int calls) {
      queueCalls = atLeastOne("queueCalls", calls);
      return this;
    }

    public Builder queueBytes(long bytes) {
      if (bytes < 1) {
        throw invalid("queueBytes", bytes, "1 or more");
      }
      queueBytes = bytes;
      return this;
    }

    public Builder bytesInFlight(long bytes) {
      if (bytes < 1) {
        throw invalid("bytesInFlight", bytes, "1 or more");
      }
      bytesInFlight = bytes;
      return this;
    }

    public Builder logEntriesPerSecond(int entries) {
      if (entries < 1 || entries > MOST_LOG_ENTRIES) {
        throw invalid("logEntriesPerSecond", entries, "1 to " + MOST_LOG_ENTRIES);
      }
      logEntriesPerSecond = entries;
      return this;
    }

    /** Of each tenant that is not named. */
    public Builder tenantCallLimits(CallLimits limits) {
      everyTenantsCalls = Objects.requireNonNull(limits, "limits");
      return this;
    }

    public Builder tenantCallLimits(TenantId tenant, CallLimits limits) {
      Map<TenantId, CallLimits> copy = new HashMap<>(tenantCalls);
      copy.put(tenant, limits);
      tenantCalls = Map.copyOf(copy);
      return this;
    }

    /** 1 to 1,000. */
    public Builder tenantWeight(TenantId tenant, int weight) {
      if (weight < 1 || weight > HEAVIEST) {
        throw invalid("tenantWeight of " + tenant, weight, "1 to " + HEAVIEST);
      }
      Map<TenantId, Integer> copy = new HashMap<>(tenantWeights);
      copy.put(tenant, weight);
      tenantWeights = Map.copyOf(copy);
      return this;
    }

    public Builder workerStartTimeout(Duration timeout) {
      workerStartTimeout = positive("workerStartTimeout", timeout);
      return this;
    }

    public Builder workerInitTimeout(Duration timeout) {
      workerInitTimeout = positive("workerInitTimeout", timeout);
      return this;
    }

    public Builder workerReloadTimeout(Duration timeout) {
      workerReloadTimeout = positive("workerReloadTimeout", timeout);
      return this;
    }

    public Builder packageFetchTimeout(Duration timeout) {
      packageFetchTimeout = positive("packageFetchTimeout", timeout);
      return this;
    }

    public Builder functionLoadTimeout(Duration timeout) {
      functionLoadTimeout = positive("functionLoadTimeout", timeout);
      return this;
    }

    public Builder drainGrace(Duration grace) {
      drainGrace = positive("drainGrace", grace);
      return this;
    }

    public Builder terminateGrace(Duration grace) {
      terminateGrace = positive("terminateGrace", grace);
      return this;
    }

    public Builder statusInterval(Duration interval) {
      statusInterval = positive("statusInterval", interval);
      return this;
    }

    public Builder resumeGrace(Duration grace) {
      resumeGrace = positive("resumeGrace", grace);
      return this;
    }

    public Builder declarationGrace(Duration grace) {
      declarationGrace = positive("declarationGrace", grace);
      return this;
    }

    public Builder directCompletion(boolean direct) {
      directCompletion = direct;
      return this;
    }

    public Builder sharedLocalTrust(boolean shared) {
      sharedLocalTrust = shared;
      return this;
    }

    public RuntimeOptions build() {
      return new RuntimeOptions(new Builder(this));
    }

    private static int atLeastOne(String name, int value) {
      if (value < 1) {
        throw invalid(name, value, "1 or more");
      }
      return value;
    }

    private static Duration positive(String name, Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw invalid(name, value, "a positive duration");
      }
      return value;
    }

    private static ManyhandsException invalid(String name, Object value, String expected) {
      return new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "option " + name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
