/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.provision.WorkerProvisionerFactory;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerFactory;
import io.manyhands.transport.inprocess.InProcessNetwork;
import io.manyhands.transport.inprocess.InProcessTransportPlugin;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A whole Runtime on one thread and virtual time: no process, no socket, no sleep. Everything
 * happens within {@link #advance} and what calls it. Belongs to the test's thread.
 *
 * <pre>{@code
 * try (InMemoryRuntime runtime = InMemoryRuntime.start(options -> options.placeholders(FAKE, 1))) {
 *   runtime.script().function("hello", request -> Reply.succeed(Payload.text("hi")));
 *   runtime.deploy("greeter");
 *   assertThat(runtime.call("greeter", "hello").orThrow().returnValue().asText()).isEqualTo("hi");
 * }
 * }</pre>
 */
public final class InMemoryRuntime implements AutoCloseable {
  /** The stack of its workers. */
  public static final WorkerStack FAKE = WorkerStack.of("fake", "1");

  /** A stack whose workers are each started for one application. */
  public static final WorkerStack LINKED = WorkerStack.of("linked", "1");

  /** A stack whose workers are never asked for; see {@link FakeProvisioner#expect}. */
  public static final WorkerStack GUEST = WorkerStack.of("guest", "1");

  private static final Duration STEP = Duration.ofMillis(10);

  private final VirtualTime time = new VirtualTime(1);
  private final InProcessNetwork network = new InProcessNetwork(time);
  private final WorkerScript script = new WorkerScript();
  private final FakeTrigger trigger = new FakeTrigger();
  private final FakeProvisioner provisioner =
      new FakeProvisioner(
          List.of(
              StackInfo.of(FAKE),
              StackInfo.of(LINKED, StackInfo.Supply.DEDICATED),
              StackInfo.of(GUEST, StackInfo.Supply.UNASKED)),
          network,
          script,
          time.seams());
  private final MemoryPlaceholderStore placeholders = new MemoryPlaceholderStore();
  private final RuntimeOptions options;
  private final Consumer<ManyhandsRuntime.Builder> more;
  private RuntimeLife life;
  private FunctionRuntime runtime;

  private InMemoryRuntime(RuntimeOptions options, Consumer<ManyhandsRuntime.Builder> more) {
    this.options = options;
    this.more = more;
    this.life = new RuntimeLife(time, time.seams());
    this.runtime = build(List.of());
  }

  private FunctionRuntime build(List<ApplicationDefinition> applications) {
    ManyhandsRuntime.Builder builder =
        ManyhandsRuntime.builder()
            .options(options)
            .discoverPlugins(false)
            .plugin(new InProcessTransportPlugin(network))
            .plugin(new Fakes())
            .transport("inprocess", Map.of())
            .provisioner("fake", Map.of())
            .secrets(
                purpose ->
                    (purpose + "-key-that-outlives-a-runtime").getBytes(StandardCharsets.UTF_8))
            .placeholderStore(placeholders)
            .time(life.seams())
            .executor(life);
    more.accept(builder);
    applications.forEach(builder::application);
    return builder.build();
  }

  /** Starts one with changed options and lets its pool fill. */
  public static InMemoryRuntime start(UnaryOperator<RuntimeOptions.Builder> change) {
    return start(change, builder -> {});
  }

  /** The same with more than options changed: policies, further plug-ins. */
  public static InMemoryRuntime start(
      UnaryOperator<RuntimeOptions.Builder> change, Consumer<ManyhandsRuntime.Builder> more) {
    InMemoryRuntime started =
        new InMemoryRuntime(change.apply(RuntimeOptions.builder()).build(), more);
    started.await(started.runtime.start(), Duration.ofMinutes(1));
    started.advance(Duration.ofSeconds(1));
    return started;
  }

  /** The Runtime is killed: its streams break, and nothing of it runs any more. */
  public void crash() {
    life.end();
    network.crash();
    time.runUntilIdle();
  }

  /**
   * A new start of the Runtime after {@link #crash}, with the same name, keys and options, and
   * these applications declared before it listens.
   */
  public void restart(ApplicationDefinition... declared) {
    life = new RuntimeLife(time, time.seams());
    runtime = build(List.of(declared));
    await(runtime.start(), Duration.ofMinutes(1));
  }

  /** Where workers dial in. */
  public InProcessNetwork network() {
    return network;
  }

  public FunctionRuntime runtime() {
    return runtime;
  }

  public VirtualTime time() {
    return time;
  }

  /** How its workers behave. */
  public WorkerScript script() {
    return script;
  }

  public FakeProvisioner provisioner() {
    return provisioner;
  }

  /** What outlives it of its pool. */
  public MemoryPlaceholderStore placeholders() {
    return placeholders;
  }

  public FakeTrigger trigger() {
    return trigger;
  }

  public void advance(Duration by) {
    time.advance(by);
  }

  /** An application of the tenant {@code tenant} whose functions its workers index. */
  public static ApplicationDefinition.Builder application(String id) {
    return ApplicationDefinition.builder(id)
        .tenant("tenant")
        .stack(WorkerStack.of("fake"))
        .content(new ApplicationContent.Inline(List.of(), ""));
  }

  /** Starts an application and waits until it serves. */
  public void deploy(String id) {
    await(runtime.jobHosts().start(application(id).build()), Duration.ofMinutes(1));
  }

  /** Calls without waiting. */
  public CompletableFuture<InvocationResult> send(String application, String function) {
    return runtime
        .router()
        .invoke(Invocation.of(ApplicationId.of(application), function, Payload.text("x")));
  }

  /** The same with a deadline of its own. */
  public CompletableFuture<InvocationResult> send(
      String application, String function, Duration timeout) {
    return runtime
        .router()
        .invoke(
            Invocation.of(ApplicationId.of(application), function, Payload.text("x"))
                .withTimeout(timeout));
  }

  /** Calls and lets time pass until the answer. */
  public InvocationResult call(String application, String function) {
    return await(send(application, function), Duration.ofMinutes(10));
  }

  /**
   * Lets time pass until the future is done; fails where it takes longer than the limit of virtual
   * time.
   */
  public <T> T await(CompletableFuture<T> future, Duration limit) {
    for (Duration passed = Duration.ZERO;
        !future.isDone() && passed.compareTo(limit) < 0;
        passed = passed.plus(STEP)) {
      time.advance(STEP);
    }
    if (!future.isDone()) {
      throw new AssertionError("not done within " + limit + " of virtual time");
    }
    return future.join();
  }

  @Override
  public void close() {
    await(runtime.shutdown(Duration.ofSeconds(30)), Duration.ofMinutes(5));
  }

  private final class Fakes implements ManyhandsPlugin {
    @Override
    public int spiLevel() {
      return SpiLevel.CURRENT;
    }

    @Override
    public List<WorkerProvisionerFactory> provisioners() {
      return List.of(
          new WorkerProvisionerFactory() {
            @Override
            public String name() {
              return "fake";
            }

            @Override
            public WorkerProvisioner create(PluginConfig config, PluginContext context) {
              config.finish();
              return provisioner;
            }
          });
    }

    @Override
    public List<TriggerFactory> triggers() {
      return List.of(
          new TriggerFactory() {
            @Override
            public String name() {
              return "fake";
            }

            @Override
            public Trigger create(PluginConfig config, PluginContext context) {
              config.finish();
              return trigger;
            }
          });
    }
  }
}
