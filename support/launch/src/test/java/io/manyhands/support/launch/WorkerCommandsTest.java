/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerCommandsTest {
  private static final Platform PLATFORM = new Platform("LINUX", "X64");

  @TempDir Path root;
  private Path bin;
  private Path folder;

  @BeforeEach
  void makeProgramsAndAFolderWithASpace() throws IOException {
    bin = Files.createDirectories(root.resolve("bin"));
    folder = Files.createDirectories(root.resolve("a worker"));
    for (String program : List.of("java", "python3", "other")) {
      executable(bin.resolve(program));
    }
    Files.writeString(folder.resolve("worker.jar"), "");
  }

  @Test
  void whatALaunchAddsFollowsTheWorkerPath() {
    WorkerConfig config =
        config(
            "java",
            ",\"defaultExecutablePath\":\"java\",\"defaultWorkerPath\":\"worker.jar\",\"arguments\":"
                + "[\"-XX:TieredStopAtLevel=1 -noverify -jar\", \"%JAVA_OPTS%\", \"%ABSENT%\"]");
    WorkerCommand command =
        commands(Map.of("JAVA_OPTS", "-Xmx64m -Dname=\"a b\""), Map.of()).resolve(config, null);

    assertThat(command.commandLine(List.of("--host", "127.0.0.1")))
        .containsExactly(
            bin.resolve("java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-noverify",
            "-jar",
            "-Xmx64m",
            "-Dname=a b",
            folder.resolve("worker.jar").toString(),
            "--host",
            "127.0.0.1");
  }

  @Test
  void theWorkerPathIsFilledWithVersionSystemAndArchitecture() throws IOException {
    Path file = folder.resolve("3.11/LINUX/X64/worker.py");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
    WorkerConfig config = python();

    WorkerCommand command = commands(Map.of(), Map.of()).resolve(config, "~3.11");

    assertThat(command.version()).isEqualTo("3.11");
    assertThat(command.program())
        .containsExactly(bin.resolve("python3").toString(), file.toString());
  }

  @Test
  void anUnsupportedVersionIsRefusedNamingTheSupported() {
    assertThatThrownBy(() -> commands(Map.of(), Map.of()).resolve(python(), "2.7"))
        .isInstanceOf(LaunchException.class)
        .hasMessage(
            "worker \"python\": version \"2.7\" is not supported (expected one of: 3.10, 3.11)");
  }

  @Test
  void aMissingWorkerFileIsRefusedNamingTheKeyAndTheFile() {
    assertThatThrownBy(() -> commands(Map.of(), Map.of()).resolve(python(), null))
        .hasMessageContaining("key \"description.defaultWorkerPath\" of worker \"python\"")
        .hasMessageContaining(folder.resolve("3.10/LINUX/X64/worker.py").toString())
        .hasMessageContaining("does not exist");
  }

  @Test
  void aMissingProgramIsRefusedNamingTheKeyAndWhereItWasLookedFor() {
    WorkerConfig config = config("node", ",\"defaultExecutablePath\":\"node-of-nowhere\"");

    assertThatThrownBy(() -> commands(Map.of(), Map.of()).resolve(config, null))
        .hasMessageContaining("key \"description.defaultExecutablePath\" of worker \"node\"")
        .hasMessageContaining("program \"node-of-nowhere\" was not found (looked in: " + bin + ")");
  }

  @Test
  void anOverrideOfTheExecutableWinsAndTheOneOfTheVersionWinsOverIt() throws IOException {
    Path file = Files.createDirectories(folder.resolve("3.11/LINUX/X64")).resolve("worker.py");
    Files.writeString(file, "");
    Path own = executable(root.resolve("own-python"));

    assertThat(
            commands(Map.of(), Map.of("python", "other"))
                .resolve(python(), "3.11")
                .program()
                .get(0))
        .isEqualTo(bin.resolve("other").toString());
    assertThat(
            commands(Map.of(), Map.of("python", "other", "python/3.11", own.toString()))
                .resolve(python(), "3.11")
                .program()
                .get(0))
        .isEqualTo(own.toString());
    assertThatThrownBy(
            () -> commands(Map.of(), Map.of("python", "/no/python")).resolve(python(), "3.11"))
        .hasMessageContaining("option \"executable.python\"")
        .hasMessageContaining("/no/python does not exist");
  }

  @Test
  void aVariableWithoutValueInTheExecutableIsRefusedNamingIt() {
    WorkerConfig config = config("java", ",\"defaultExecutablePath\":\"%JAVA_HOME%/bin/java\"");

    assertThatThrownBy(() -> commands(Map.of(), Map.of()).resolve(config, null))
        .hasMessageContaining("variable JAVA_HOME has no value");
    assertThat(
            commands(Map.of("JAVA_HOME", root.toString()), Map.of())
                .resolve(config, null)
                .program())
        .containsExactly(bin.resolve("java").toString());
  }

  @Test
  void theWorkerDirectoryMayHoldASpace() {
    WorkerConfig config =
        config(
            "x",
            ",\"defaultExecutablePath\":\"java\",\"arguments\":[\"-cp {workerDirectoryPath}/lib Main\"]");

    assertThat(commands(Map.of(), Map.of()).resolve(config, null).program())
        .containsExactly(bin.resolve("java").toString(), "-cp", folder + "/lib", "Main");
  }

  @Test
  void aWorkerForAnotherPlatformOrADisabledOneIsRefused() {
    assertThatThrownBy(
            () ->
                commands(Map.of(), Map.of())
                    .resolve(
                        config(
                            "x",
                            ",\"defaultExecutablePath\":\"java\",\"supportedOperatingSystems\":[\"WINDOWS\"]"),
                        null))
        .hasMessageContaining("key \"description.supportedOperatingSystems\"")
        .hasMessageContaining("LINUX");
    assertThatThrownBy(
            () ->
                commands(Map.of(), Map.of())
                    .resolve(
                        config("x", ",\"defaultExecutablePath\":\"java\",\"isDisabled\":true"),
                        null))
        .hasMessageContaining("description.isDisabled");
  }

  private WorkerConfig python() {
    return config(
        "python",
        """
        ,"defaultRuntimeVersion":"3.10","supportedOperatingSystems":["LINUX", "OSX"],
        "supportedRuntimeVersions":["3.10", "3.11"],"supportedArchitectures":["X64", "Arm64"],
        "sanitizeRuntimeVersionRegex":"\\\\d+\\\\.\\\\d+","defaultExecutablePath":"python3",
        "defaultWorkerPath":"%FUNCTIONS_WORKER_RUNTIME_VERSION%/{os}/{architecture}/worker.py"
        """);
  }

  private WorkerConfig config(String language, @Nullable String more) {
    Path file = folder.resolve(WorkerConfig.FILE_NAME);
    try {
      Files.writeString(file, "{\"description\":{\"language\":\"" + language + "\"" + more + "}}");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return WorkerConfig.read(file);
  }

  private WorkerCommands commands(Map<String, String> variables, Map<String, String> executables) {
    return new WorkerCommands(
        new LaunchSettings(List.of(bin), variables, executables, Map.of(), PLATFORM));
  }

  private static Path executable(Path file) throws IOException {
    Files.writeString(file, "#!/bin/sh\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }
}
