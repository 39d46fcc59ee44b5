/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core;

import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.ProvisionException;
import com.google.inject.Stage;
import com.google.inject.spi.Message;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.core.scaling.ScalingPolicies;
import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.policy.AssignmentPolicy;
import io.manyhands.spi.policy.LoadBalancer;
import io.manyhands.spi.security.SecretSource;
import io.manyhands.spi.security.WorkerAuthenticator;
import io.manyhands.spi.store.PlaceholderStore;
import io.manyhands.spi.time.TimeSeams;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Where an embedder begins: {@code ManyhandsRuntime.builder()}. */
public final class ManyhandsRuntime {
  private ManyhandsRuntime() {}

  public static Builder builder() {
    return new Builder();
  }

  /** Collects what a Runtime is made of. Bad input is refused by {@link #build}. */
  public static final class Builder {
    RuntimeOptions options = RuntimeOptions.defaults();
    final List<ManyhandsPlugin> plugins = new ArrayList<>();
    boolean discover = true;
    final Map<String, Map<String, String>> transports = new LinkedHashMap<>();
    final Map<String, Map<String, String>> provisioners = new LinkedHashMap<>();
    final Map<String, Map<String, String>> triggers = new LinkedHashMap<>();
    Map.@Nullable Entry<String, Map<String, String>> scheduleStore;
    Map.Entry<String, Map<String, String>> scalePolicy = Map.entry(ScalingPolicies.SCALE, Map.of());
    Map.Entry<String, Map<String, String>> keepAlivePolicy =
        Map.entry(ScalingPolicies.KEEP_ALIVE, Map.of());
    Map.Entry<String, Map<String, String>> poolPolicy = Map.entry(ScalingPolicies.POOL, Map.of());
    final List<ApplicationDefinition> applications = new ArrayList<>();
    @Nullable AssignmentPolicy assignment;
    @Nullable LoadBalancer balancer;
    Map.@Nullable Entry<String, Map<String, String>> namedBalancer;
    @Nullable SecretSource secrets;
    @Nullable PlaceholderStore placeholders;
    @Nullable WorkerAuthenticator authenticator;
    @Nullable TimeSeams time;
    @Nullable Executor executor;

    private Builder() {}

    public Builder options(RuntimeOptions value) {
      options = Objects.requireNonNull(value, "options");
      return this;
    }

    /** Adds a plug-in beside those that are discovered. */
    public Builder plugin(ManyhandsPlugin plugin) {
      plugins.add(Objects.requireNonNull(plugin, "plugin"));
      return this;
    }

    /**
     * Whether plug-ins on the class path are found by {@link java.util.ServiceLoader}. Default
     * true.
     */
    public Builder discoverPlugins(boolean value) {
      discover = value;
      return this;
    }

    /**
     * Uses a transport by name, with its configuration; at least one. Workers that are started dial
     * the first.
     */
    public Builder transport(String name, Map<String, String> config) {
      transports.put(name, Map.copyOf(config));
      return this;
    }

    /** Uses a provisioner by name, with its configuration; asked in this order. */
    public Builder provisioner(String name, Map<String, String> config) {
      provisioners.put(name, Map.copyOf(config));
      return this;
    }

    /** Configures a trigger; those that are found and not configured take their defaults. */
    public Builder trigger(String name, Map<String, String> config) {
      triggers.put(name, Map.copyOf(config));
      return this;
    }

    /**
     * Where timers remember when they fired, by name, with its configuration. Default {@code file},
     * in the state directory; {@code memory} where there is none.
     */
    public Builder scheduleStore(String name, Map<String, String> config) {
      scheduleStore = Map.entry(name, Map.copyOf(config));
      return this;
    }

    /**
     * How many workers an application in use has, by name, with its configuration. Default {@code
     * concurrency}; docs/scaling.md has what can be set.
     */
    public Builder scalePolicy(String name, Map<String, String> config) {
      scalePolicy = Map.entry(name, Map.copyOf(config));
      return this;
    }

    /**
     * How long an application without calls keeps workers, by name, with its configuration. Default
     * {@code fixed}, at the idle timeout of the options; {@code histogram} learns when calls come.
     */
    public Builder keepAlivePolicy(String name, Map<String, String> config) {
      keepAlivePolicy = Map.entry(name, Map.copyOf(config));
      return this;
    }

    /**
     * How many placeholders a pool has, by name, with its configuration. Default {@code fixed}, as
     * many as the options say; {@code adaptive} adds to them as applications claim them.
     */
    public Builder poolPolicy(String name, Map<String, String> config) {
      poolPolicy = Map.entry(name, Map.copyOf(config));
      return this;
    }

    /** An application that is started with the Runtime. */
    public Builder application(ApplicationDefinition definition) {
      applications.add(Objects.requireNonNull(definition, "definition"));
      return this;
    }

    /**
     * Which placeholder an application gets. Default: exact version, package at hand, spread over
     * hosts.
     */
    public Builder assignmentPolicy(AssignmentPolicy policy) {
      assignment = policy;
      return this;
    }

    /** Which worker takes a call; the same as by name, without a plug-in. */
    public Builder loadBalancer(LoadBalancer value) {
      balancer = Objects.requireNonNull(value, "value");
      namedBalancer = null;
      return this;
    }

    /**
     * Which worker takes a call, by the name of a plug-in's balancer, with its configuration.
     * Default {@code least-outstanding}: of two workers at random that with fewer calls in flight.
     */
    public Builder loadBalancer(String name, Map<String, String> config) {
      namedBalancer = Map.entry(name, Map.copyOf(config));
      balancer = null;
      return this;
    }

    /**
     * Where the Runtime's own keys come from. Default: files in the state directory, mode 0600,
     * made at first need; without a state directory new keys at each start, and workers that
     * outlive the Runtime are not known again.
     */
    public Builder secrets(SecretSource source) {
      secrets = Objects.requireNonNull(source, "source");
      return this;
    }

    /**
     * Where it is remembered over a restart which workers are still nobody's. Default: a journal in
     * the state directory; without one no placeholder of an earlier start is taken back.
     */
    public Builder placeholderStore(PlaceholderStore store) {
      placeholders = Objects.requireNonNull(store, "store");
      return this;
    }

    /**
     * Who may present itself as a worker. Default: issued ids, with launch tokens, client
     * certificates, and enrolment credentials. One that is given here decides on enrolment
     * credentials, too.
     */
    public Builder workerAuthenticator(WorkerAuthenticator value) {
      authenticator = Objects.requireNonNull(value, "authenticator");
      return this;
    }

    /** Other clocks, scheduler and randomness; for tests. */
    public Builder time(TimeSeams seams) {
      time = seams;
      return this;
    }

    /** One executor for everything; for tests on virtual time. */
    public Builder executor(Executor value) {
      executor = value;
      return this;
    }

    /** Checks everything and assembles; opens nothing yet. */
    public FunctionRuntime build() {
      try {
        return Guice.createInjector(Stage.PRODUCTION, new ManyhandsModule(this))
            .getInstance(FunctionRuntime.class);
      } catch (CreationException e) {
        throw refusal(e.getErrorMessages(), e);
      } catch (ProvisionException e) {
        throw refusal(e.getErrorMessages(), e);
      }
    }

    /** What an option or a plug-in was refused for, as it was said: nobody here knows Guice. */
    private static ManyhandsException refusal(Collection<Message> messages, Exception e) {
      for (Message message : messages) {
        if (message.getCause() instanceof ManyhandsException refused) {
          return refused;
        }
      }
      return new ManyhandsException(
          ErrorCode.INTERNAL, "the Runtime cannot be put together: " + e.getMessage(), e);
    }
  }
}
