/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.TenantId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.provision.WorkerProvisioner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are started for one application each. */
@EnabledOnOs(OS.LINUX)
class DedicatedWorkersTest {
  @TempDir Path root;

  @Test
  void fileOrOptionSaysWhichStacksAreStartedForOneApplication() {
    try (LocalMachine machine = new LocalMachine(root)) {
      machine.config(
          "linked",
          """
          {"description": {"language": "linked", "defaultExecutablePath": "/bin/sh", "specializable": false}}
          """);

      List<StackInfo> stacks = machine.create(Map.of("dedicated", "dying")).stacks();

      assertThat(stacks)
          .extracting(info -> info.stack().language() + " " + info.supply())
          .containsExactlyInAnyOrder(
              "linked DEDICATED",
              "dying DEDICATED",
              "idle SPECIALIZED",
              "passing SPECIALIZED",
              "polite SPECIALIZED");
    }
  }

  @Test
  void optionThatNamesNoWorkerIsRefused() {
    try (LocalMachine machine = new LocalMachine(root)) {
      assertThatThrownBy(() -> machine.create(Map.of("dedicated", "cobol")))
          .hasMessageContaining("option dedicated: \"cobol\"")
          .hasMessageContaining("idle");
    }
  }

  @Test
  void executableInTheApplicationIsStartedThereWithItsEnvironment() throws Exception {
    try (LocalMachine machine = new LocalMachine(root)) {
      machine.config(
          "linked",
          """
          {"description": {"language": "linked", "specializable": false,
            "defaultExecutablePath": "%FUNCTIONS_APPLICATION_DIRECTORY%/app"}}
          """);
      Path application = Files.createDirectories(root.resolve("application"));
      Files.createFile(
          application.resolve("app"),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.writeString(application.resolve("app"), "#!/bin/sh\nwhile :; do sleep 1; done\n");
      WorkerProvisioner provisioner = machine.create(Map.of());
      done(provisioner.start((worker, termination) -> {}));
      ProvisionRequest request = LocalMachine.request(WorkerStack.of("linked"));
      ProvisionRequest.Target target =
          new ProvisionRequest.Target(
              ApplicationId.of("a"),
              TenantId.of("tenant"),
              application.toString(),
              Map.of("COLOUR", "blue"));

      ProvisionedWorker worker =
          done(
              provisioner.request(
                  new ProvisionRequest(
                      request.id(), request.stack(), request.endpoint(), Optional.of(target))));

      Path process = Path.of("/proc", Long.toString(worker.processId().orElseThrow()));
      assertThat(Files.readSymbolicLink(process.resolve("cwd"))).isEqualTo(application);
      assertThat(LocalMachine.environment(process))
          .contains("COLOUR=blue")
          .doesNotContain("WEBSITE_PLACEHOLDER_MODE=1");
      done(provisioner.stop(Duration.ofSeconds(1)));
    }
  }

  private static <T> T done(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
