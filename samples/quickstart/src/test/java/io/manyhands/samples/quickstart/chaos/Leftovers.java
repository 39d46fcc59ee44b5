/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a Runtime leaves behind: asked of the system, not of the Runtime. */
public final class Leftovers {
  private final Path state;
  private final Set<Long> threads =
      threads().stream().map(Thread::getId).collect(Collectors.toSet());
  private final long sockets = sockets();

  /**
   * @param state the Runtime's state directory, which does not run yet
   */
  public Leftovers(Path state) {
    this.state = state;
  }

  /** Nothing is left on the machine: no process, no private directory, no line of the ledger. */
  public void assertNoneOnTheMachine() throws IOException {
    assertThat(processes()).as("processes of workers").isEmpty();
    assertThat(privateDirectories()).as("private directories").isEmpty();
    assertThat(ledger()).as("launches in the ledger that have not ended").isEmpty();
  }

  /** Nor in this process: no thread, no socket. */
  public void assertNoneInThisProcess() {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              assertThat(threads())
                  .filteredOn(thread -> !threads.contains(thread.getId()))
                  .as("threads")
                  .isEmpty();
              assertThat(sockets()).as("sockets").isLessThanOrEqualTo(sockets);
            });
  }

  /** Workers that run: their private directories lie in the state directory. */
  public Set<Long> processes() {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(process -> process.getFileName().toString().matches("[0-9]+"))
          .filter(process -> environment(process).contains("\0HOME=" + state))
          .map(process -> Long.valueOf(process.getFileName().toString()))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<Path> privateDirectories() throws IOException {
    try (Stream<Path> files = Files.list(state.resolve("local"))) {
      return files.filter(Files::isDirectory).toList();
    }
  }

  private Set<String> ledger() throws IOException {
    Set<String> open = new HashSet<>();
    for (String line : Files.readAllLines(state.resolve("local/ledger"))) {
      String[] words = line.split(" ", 3);
      if (words[0].equals("ended")) {
        open.remove(words[1]);
      } else {
        open.add(words[1]);
      }
    }
    return open;
  }

  private static String environment(Path process) {
    try {
      return "\0"
          + new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // gone, or not ours
    }
  }

  /** But for those of the test's own HTTP client, of JUnit and of the JDK. */
  private static List<Thread> threads() {
    List<Thread> threads = new ArrayList<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(
        thread ->
            thread.getName().startsWith("HttpClient-")
                || thread.getName().startsWith("process reaper")
                || thread.getName().startsWith("Cleaner-")
                || thread.getName().startsWith("ForkJoinPool.commonPool")
                || thread.getName().startsWith("junit-")
                || thread.getName().startsWith("awaitility"));
    return threads;
  }

  private static long sockets() {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.filter(Leftovers::isSocket).count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isSocket(Path file) {
    try {
      return Files.readSymbolicLink(file).toString().startsWith("socket:");
    } catch (IOException e) {
      return false;
    }
  }
}
