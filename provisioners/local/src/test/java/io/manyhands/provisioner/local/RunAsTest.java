/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.WorkerProvisioner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Workers that each run as a user of their own; needs root. */
@EnabledOnOs(OS.LINUX)
@EnabledIf("io.manyhands.provisioner.local.WorkerUsers#isRoot")
class RunAsTest {
  private static final int FIRST = 731_000;

  @TempDir Path root;
  private LocalMachine machine;
  private WorkerProvisioner provisioner;

  @BeforeEach
  void start() throws Exception {
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
    machine = new LocalMachine(root);
    machine.worker(
        "careful",
        "umask 022; echo secret >$HOME/secret; touch $HOME/up; while :; do sleep 1; done");
    machine.worker("escaping", "setsid env -i /bin/sleep 1000 & touch $HOME/up; sleep 1000");
    provisioner = machine.create(options(FIRST + "-" + (FIRST + 1)));
    done(provisioner.start((worker, termination) -> {}));
  }

  @AfterEach
  void end() throws Exception {
    done(provisioner.stop(Duration.ofSeconds(1)));
    machine.close();
  }

  @Test
  void workersCannotReadOneAnothersFilesEnvironmentOrMemory() throws Exception {
    long first = process(start("careful"));
    long second = process(start("careful"));
    Path home = home(first);

    assertThat(WorkerUsers.owner(proc(first))).isEqualTo(OptionalInt.of(FIRST));
    assertThat(WorkerUsers.owner(proc(second))).isEqualTo(OptionalInt.of(FIRST + 1));
    for (String file :
        List.of(
            home.resolve("secret").toString(),
            proc(first).resolve("environ").toString(),
            proc(first).resolve("mem").toString(),
            root.resolve("state/local").toString())) {
      assertThat(mayRead(FIRST + 1, file)).as(file).isFalse();
    }
    assertThat(mayRead(FIRST, home.resolve("secret").toString())).isTrue();
  }

  @Test
  void userIsNoOthersWhileAnythingOfItsWorkerRuns() throws Exception {
    ProvisionRequest request = LocalMachine.request("escaping");
    long pid = process(done(provisioner.request(request)));
    await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(home(pid).resolve("up")));
    await().atMost(Duration.ofSeconds(60)).until(() -> ofUser(FIRST) >= 2);

    done(provisioner.release(request.id(), Duration.ZERO));

    assertThat(ofUser(FIRST)).isZero();
    assertThat(WorkerUsers.owner(proc(process(start("careful"))))).isEqualTo(OptionalInt.of(FIRST));
  }

  @Test
  void moreWorkersThanUsersAreRefused() throws Exception {
    ProvisionedWorker first = start("careful");
    ProvisionedWorker second = start("careful");
    assertThat(List.of(process(first), process(second))).doesNotHaveDuplicates();

    assertThatThrownBy(() -> start("careful"))
        .hasMessageContaining("all 2 users of option runAs are in use");
  }

  @Test
  void workersOfSeveralTenantsAreApart() {
    assertThat(provisioner.sharesOneTrustDomain()).isFalse();
  }

  @Test
  void optionsThatCannotWorkAreRefusedByName() throws Exception {
    for (String range : List.of("nobody", "0-5", "9-3", "1-")) {
      assertThatThrownBy(() -> machine.create(options(range))).hasMessageContaining("runAs");
    }
    assertThatThrownBy(() -> machine.create(Map.of("runAs", "731000-731001")))
        .hasMessageContaining("workDirectory");
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
    assertThatThrownBy(() -> machine.create(options("731000-731001")))
        .hasMessageContaining(root + " is closed");
  }

  private Map<String, String> options(String range) {
    return Map.of("runAs", range, "workDirectory", root.resolve("state/local").toString());
  }

  private ProvisionedWorker start(String language) throws Exception {
    ProvisionedWorker worker = done(provisioner.request(LocalMachine.request(language)));
    Path home = home(process(worker));
    await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(home.resolve("up")));
    return worker;
  }

  private static Path home(long pid) {
    return LocalMachine.environment(proc(pid)).stream()
        .filter(variable -> variable.startsWith("HOME="))
        .map(variable -> Path.of(variable.substring(5)))
        .findFirst()
        .orElseThrow();
  }

  private static boolean mayRead(int user, String file) throws Exception {
    Process reading =
        new ProcessBuilder(
                WorkerUsers.command(
                    user, List.of("/bin/sh", "-c", "ls \"$0\" && head -c 1 \"$0\"", file)))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(reading.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return reading.exitValue() == 0;
  }

  private static long ofUser(int user) {
    return WorkerUsers.processes(user).size();
  }

  private static long process(ProvisionedWorker worker) {
    return worker.processId().orElseThrow();
  }

  private static Path proc(long pid) {
    return Path.of("/proc", Long.toString(pid));
  }

  private static <T> T done(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
