/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import static io.manyhands.trigger.timer.TimerFixture.SHOP;
import static io.manyhands.trigger.timer.TimerFixture.function;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.store.ScheduleStore;
import io.manyhands.spi.store.ScheduleStore.ScheduleStatus;
import io.manyhands.testkit.FakePluginContext;
import io.manyhands.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Timers and what they remember by, when that goes wrong. */
class TimerStoreTest {
  private static final ScheduleStatus MISSED =
      new ScheduleStatus(
          Optional.of(Instant.parse("2025-12-24T09:00:00Z")),
          Instant.parse("2025-12-25T09:00:00Z"));

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "never",
        "never\n",
        "never\nsoon\n",
        "2025-12-24T09:00:00Z\n2025-12-2",
        "\u0000\u0000\u0000\u0000",
        "9999999999-12-24T09:00:00Z\n2025-12-25T09:00:00Z\n",
      })
  void damagedFileCountsAsNoneAndIsReplaced(String content) throws IOException {
    ScheduleStore store = new FileScheduleStore(directory);
    store.write(SHOP, "tick", MISSED);
    Path file = onlyFile();
    Files.writeString(file, content);
    assertThat(store.read(SHOP, "tick")).isEmpty();
    TimerFixture timers = new TimerFixture(store);

    TimerFixture.App app = timers.run(function("0 0 9 * * *"));
    assertThat(app.fired()).isZero();
    timers.advance(Duration.ofHours(9));

    assertThat(app.fired()).isEqualTo(1);
    assertThat(timers.next()).contains(Instant.parse("2026-01-02T09:00:00Z"));
  }

  @Test
  void fileOfAnySizeIsReadWithinBounds() throws IOException {
    ScheduleStore store = new FileScheduleStore(directory);
    store.write(SHOP, "tick", MISSED);
    Files.write(onlyFile(), new byte[20_000_000]);

    assertThat(store.read(SHOP, "tick")).isEmpty();
  }

  @Test
  void storeThatCannotBeReadOrWrittenStopsNoTimerAndIsCounted() throws IOException {
    Path occupied = Files.writeString(directory.resolve("occupied"), "a file, no directory");
    ScheduleStore store = new FileScheduleStore(occupied.resolve("timers"));
    assertThatThrownBy(() -> store.write(SHOP, "tick", MISSED))
        .isInstanceOfSatisfying(
            ManyhandsException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE_UNAVAILABLE))
        .hasMessageContaining("schedule store file: " + occupied)
        .hasMessageContaining("cannot be written")
        .hasMessageContaining("expected: a directory that this process may write to");
    TimerFixture timers = new TimerFixture(store);

    TimerFixture.App app = timers.run(function("0 * * * * *"));
    timers.advance(Duration.ofMinutes(3));

    assertThat(app.fired()).isEqualTo(3);
    assertThat(timers.context.measured("storeFailures")).isGreaterThanOrEqualTo(4);
  }

  @Test
  void whatCouldNotBeWrittenIsNotRepeatedWhileTheProcessLives() {
    TimerFixture timers =
        new TimerFixture(
            new ScheduleStore() {
              @Override
              public Optional<ScheduleStatus> read(ApplicationId application, String function) {
                return Optional.of(MISSED);
              }

              @Override
              public void write(ApplicationId application, String function, ScheduleStatus status) {
                throw new IllegalStateException("planted: no room");
              }
            });
    assertThat(timers.run(function("0 0 9 * * *")).fired()).isEqualTo(1);

    assertThat(timers.run(function("0 0 9 * * *")).fired()).isZero();
    timers.crash();
    assertThat(timers.run(function("0 0 9 * * *")).fired()).isEqualTo(1);
  }

  @Test
  void directoryWithoutPermissionIsSaid() throws IOException {
    Path closed = Files.createDirectory(directory.resolve("closed"));
    if (!closed.toFile().setWritable(false) || Files.isWritable(closed)) {
      // Whoever is root may write everywhere.
      assertThat(Files.isWritable(closed)).isTrue();
      return;
    }

    assertThatThrownBy(() -> new FileScheduleStore(closed).write(SHOP, "tick", MISSED))
        .hasMessageContaining(closed.toString());
  }

  @Test
  void timersSurviveABlockingExecutorThatIsFull() {
    VirtualTime time = new VirtualTime(1);
    boolean[] full = {true};
    FakePluginContext context =
        FakePluginContext.of(
                time.seams(),
                task -> {
                  if (full[0]) {
                    throw new RejectedExecutionException("planted");
                  }
                  time.execute(task);
                })
            .withScheduleStore(new MemoryScheduleStore());
    TimerFixture timers = new TimerFixture(time, context);
    TimerFixture.App app = timers.run(function("0 * * * * *"));
    timers.advance(Duration.ofSeconds(59));
    full[0] = false;
    timers.advance(Duration.ofSeconds(31));
    full[0] = true;
    timers.advance(Duration.ofSeconds(70));
    full[0] = false;
    int before = app.fired();

    timers.advance(Duration.ofMinutes(5));

    assertThat(app.fired()).isGreaterThanOrEqualTo(before + 4);
    full[0] = true;
    timers.advance(Duration.ofMinutes(2));
    assertThat(app.listener.stop().toCompletableFuture()).isNotDone();
    full[0] = false;
    timers.advance(Duration.ofMinutes(1));
    assertThat(app.listener.stop().toCompletableFuture()).isCompleted();
  }

  @Test
  void fileStoreLiesInTheStateDirectoryOrWhereItIsTold() {
    FakePluginContext context =
        FakePluginContext.of(new VirtualTime(1)).withStateDirectory(directory);
    create(context, Map.of()).write(SHOP, "tick", MISSED);
    create(context, Map.of("directory", directory.resolve("elsewhere").toString()))
        .write(SHOP, "tick", MISSED);

    assertThat(directory.resolve("timers")).isNotEmptyDirectory();
    assertThat(directory.resolve("elsewhere")).isNotEmptyDirectory();
    assertThatThrownBy(() -> create(context, Map.of("path", "x")))
        .hasMessageContaining("unknown option \"path\"")
        .hasMessageContaining("directory");
    assertThatThrownBy(() -> create(FakePluginContext.of(new VirtualTime(1)), Map.of()))
        .hasMessageContaining("stateDirectory");
  }

  private static ScheduleStore create(FakePluginContext context, Map<String, String> options) {
    return new FileScheduleStoreFactory()
        .create(new PluginConfig("schedule store file", options), context);
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> found = files.toList();
      assertThat(found).hasSize(1);
      return found.get(0);
    }
  }
}
