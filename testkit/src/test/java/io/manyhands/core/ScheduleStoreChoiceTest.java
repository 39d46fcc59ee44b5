/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.store.ScheduleStore;
import io.manyhands.spi.store.ScheduleStoreFactory;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerFactory;
import io.manyhands.testkit.FakeTrigger;
import io.manyhands.testkit.VirtualTime;
import io.manyhands.transport.inprocess.InProcessNetwork;
import io.manyhands.transport.inprocess.InProcessTransportPlugin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where timers remember is chosen by name, like every other part. */
class ScheduleStoreChoiceTest {
  private final VirtualTime time = new VirtualTime(1);
  private final List<String> closed = new CopyOnWriteArrayList<>();
  private final AtomicReference<ScheduleStore> got = new AtomicReference<>();

  @TempDir Path directory;

  @Test
  void withoutAChoiceItIsAFileWhereThereIsAStateDirectoryAndMemoryElsewhere() {
    build(builder -> builder);
    assertThat(got.get()).hasToString("memory");

    build(builder -> builder.options(RuntimeOptions.builder().stateDirectory(directory).build()));
    assertThat(got.get()).hasToString("file");
  }

  @Test
  void chosenStoreIsTheOneThatTriggersGetAndIsClosedWithTheRuntime() {
    FunctionRuntime runtime =
        build(builder -> builder.scheduleStore("other", Map.of("colour", "blue")));
    assertThat(got.get()).hasToString("other");
    runtime.start();
    time.advance(Duration.ofSeconds(1));
    assertThat(closed).isEmpty();

    runtime.shutdown(Duration.ofSeconds(1));
    time.advance(Duration.ofMinutes(1));

    Awaitility.await().untilAsserted(() -> assertThat(closed).containsExactly("other"));
  }

  @Test
  void unknownStoreAndUnknownOptionAreRefusedNamingTheKnown() {
    assertThatThrownBy(() -> build(builder -> builder.scheduleStore("nowhere", Map.of())))
        .hasMessageContaining("schedule store \"nowhere\"")
        .hasMessageContaining("known: file, memory, other");
    assertThatThrownBy(() -> build(builder -> builder.scheduleStore("other", Map.of("size", "1"))))
        .hasMessageContaining("schedule store other: unknown option \"size\"")
        .hasMessageContaining("expected one of: colour");
  }

  private FunctionRuntime build(UnaryOperator<ManyhandsRuntime.Builder> change) {
    return change
        .apply(
            ManyhandsRuntime.builder()
                .discoverPlugins(false)
                .plugin(new InProcessTransportPlugin(new InProcessNetwork(time)))
                .plugin(new Stores())
                .transport("inprocess", Map.of())
                .time(time.seams())
                .executor(time))
        .build();
  }

  private final class Stores implements ManyhandsPlugin {
    @Override
    public int spiLevel() {
      return SpiLevel.CURRENT;
    }

    @Override
    public List<ScheduleStoreFactory> scheduleStores() {
      return Stream.of("file", "memory", "other")
          .<ScheduleStoreFactory>map(NamedFactory::new)
          .toList();
    }

    @Override
    public List<TriggerFactory> triggers() {
      return List.of(
          new TriggerFactory() {
            @Override
            public String name() {
              return "asking";
            }

            @Override
            public Trigger create(PluginConfig config, PluginContext context) {
              got.set(context.scheduleStore());
              assertThat(context.scheduleStore()).isSameAs(got.get());
              return new FakeTrigger();
            }
          });
    }
  }

  private final class NamedFactory implements ScheduleStoreFactory {
    private final String name;

    NamedFactory(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public ScheduleStore create(PluginConfig config, PluginContext context) {
      config.text("colour");
      config.finish();
      return new ScheduleStore() {
        @Override
        public Optional<ScheduleStatus> read(ApplicationId application, String function) {
          return Optional.empty();
        }

        @Override
        public void write(ApplicationId application, String function, ScheduleStatus status) {}

        @Override
        public void close() {
          closed.add(name);
        }

        @Override
        public String toString() {
          return name;
        }
      };
    }
  }
}
