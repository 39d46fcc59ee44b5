/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Workers of one tenant say anything at any moment, valid conversations in the wrong order and with
 * the ids of others' calls included; another tenant's calls are answered all the same, by its own
 * worker. From seeds; {@code -Dmanyhands.fuzz.seeds=N} runs more. Seeds that found something are
 * kept in fuzz/session-seeds.txt and run first.
 */
final class SessionFuzzTest {
  private static final int SEEDS = Integer.getInteger("manyhands.fuzz.seeds", 150);
  private static final int STEPS = 40;
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Payload HI = Payload.text("hi");
  private static final ApplicationId GOOD = ApplicationId.of("good");

  private final Map<String, Map<WorkerState, Integer>> coverage = new TreeMap<>();

  @Test
  void hostileWorkersHarmNobodyElse() throws IOException {
    for (long seed : seeds()) {
      try {
        new Round(seed).play();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
    print();
    List<String> kinds = new ArrayList<>();
    for (Class<?> kind : WorkerMessage.class.getPermittedSubclasses()) {
      kinds.add(kind.getSimpleName());
    }
    assertThat(coverage.keySet()).containsAll(kinds);
    assertThat(coverage.values().stream().flatMap(states -> states.keySet().stream()).distinct())
        .contains(
            WorkerState.INITIALIZING,
            WorkerState.SPECIALIZING,
            WorkerState.READY,
            WorkerState.DRAINING,
            WorkerState.DISCONNECTED);
  }

  private static List<Long> seeds() throws IOException {
    List<Long> seeds = new ArrayList<>();
    try (InputStream kept = SessionFuzzTest.class.getResourceAsStream("/fuzz/session-seeds.txt")) {
      assertThat(kept).isNotNull();
      new String(kept.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(line -> seeds.add(Long.parseLong(line.strip())));
    }
    for (long seed = 1; seed <= SEEDS; seed++) {
      seeds.add(seed);
    }
    return seeds;
  }

  /** Message kind x state of the worker that said it. */
  private void print() {
    StringBuilder table = new StringBuilder("said in state, times\n");
    coverage.forEach((kind, states) -> table.append("%-28s %s%n".formatted(kind, states)));
    System.out.print(table);
  }

  private final class Round {
    private final Random random;
    private final HostileMessages messages;
    private final InMemoryRuntime world;
    private final FakeWorker own;
    private final List<CompletableFuture<InvocationResult>> good = new ArrayList<>();
    private final List<CompletableFuture<InvocationResult>> bad = new ArrayList<>();

    Round(long seed) {
      random = new Random(seed);
      messages = new HostileMessages(random);
      world = InMemoryRuntime.start(options -> options.placeholders(FAKE, 0).maximumWorkers(20));
      world.provisioner().extended(random.nextBoolean());
      world.script().function("fast", request -> Reply.succeed(HI));
      world.script().function("slow", request -> Reply.later(Duration.ofMillis(40), HI));
      world.deploy("good");
      own = world.provisioner().alive().get(0);
    }

    void play() {
      world.script().answersLoads(random.nextInt(4) > 0);
      CompletableFuture<?> started =
          world
              .runtime()
              .jobHosts()
              .start(InMemoryRuntime.application("bad").tenant("other").build());
      for (int step = 0; step < STEPS; step++) {
        world.advance(Duration.ofMillis(random.nextInt(8)));
        step();
      }
      world.script().answersLoads(true);
      for (CompletableFuture<InvocationResult> call : good) {
        assertThat(world.await(call, Duration.ofMinutes(1)).orThrow().returnValue()).isEqualTo(HI);
      }
      for (CompletableFuture<InvocationResult> call : bad) {
        boolean answered = world.await(call.handle((result, error) -> true), LIMIT);
        assertThat(answered).isTrue();
      }
      boolean settled = world.await(started.handle((info, error) -> true), LIMIT);
      assertThat(settled).isTrue();
      assertThat(world.runtime().workers().find(own.id()))
          .get()
          .satisfies(
              info -> {
                assertThat(info.state()).isEqualTo(WorkerState.READY);
                assertThat(info.application()).contains(GOOD);
                assertThat(info.inFlight()).isZero();
              });
      world.close();
    }

    private void step() {
      for (HostMessage.InvocationRequest call : own.received(HostMessage.InvocationRequest.class)) {
        messages.knows(call.invocationId());
      }
      switch (random.nextInt(12)) {
        case 0, 1 -> good.add(world.send("good", random.nextBoolean() ? "fast" : "slow"));
        case 2 -> bad.add(world.send("bad", "slow", Duration.ofSeconds(2)));
        case 3 -> stranger();
        default -> hostile().ifPresent(this::act);
      }
    }

    private Optional<FakeWorker> hostile() {
      List<FakeWorker> others =
          world.provisioner().alive().stream().filter(worker -> worker != own).toList();
      return others.isEmpty()
          ? Optional.empty()
          : Optional.of(others.get(random.nextInt(others.size())));
    }

    private void act(FakeWorker worker) {
      Optional<WorkerInfo> info = world.runtime().workers().find(worker.id());
      switch (random.nextInt(20)) {
        case 0 -> worker.die();
        case 1 -> worker.setDeaf(random.nextBoolean());
        case 2 -> {
          CompletableFuture<Void> unused = world.runtime().workers().drain(worker.id());
        }
        case 3 -> worker.connectRaw(world.network(), messages.hello());
        default -> {
          for (HostMessage.LinkWelcome welcome : worker.received(HostMessage.LinkWelcome.class)) {
            messages.knows(welcome.resumeToken());
          }
          for (int i = random.nextInt(6); i >= 0; i--) {
            WorkerMessage message = messages.next();
            info.ifPresent(known -> count(message, known.state()));
            worker.say(message);
          }
        }
      }
    }

    private void stranger() {
      FakeWorker stranger = world.provisioner().stranger(FAKE);
      stranger.connectRaw(world.network(), messages.next());
      stranger.say(messages.next());
    }
  }

  private void count(WorkerMessage message, WorkerState state) {
    coverage
        .computeIfAbsent(
            message.getClass().getSimpleName(), first -> new EnumMap<>(WorkerState.class))
        .merge(state, 1, Integer::sum);
  }
}
