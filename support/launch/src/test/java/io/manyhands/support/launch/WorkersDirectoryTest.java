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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkersDirectoryTest {
  @TempDir Path root;

  @Test
  void aMalformedFileFailsItsOwnLanguageAlone() throws IOException {
    write("a/node", config("node", "node"));
    write("a/python", "{ nonsense");
    Files.createDirectories(root.resolve("a/notes"));

    WorkersDirectory directory = WorkersDirectory.scan(root.resolve("a"));

    assertThat(directory.workers()).containsOnlyKeys("node");
    assertThat(directory.problems()).containsOnlyKeys("python");
    assertThatThrownBy(() -> directory.require("python"))
        .hasMessageContaining("worker \"python\" cannot be used")
        .hasMessageContaining(root.resolve("a/python/worker.config.json").toString());
    assertThatThrownBy(() -> directory.require("cobol"))
        .hasMessage("no worker for language \"cobol\" (expected one of: node, python)");
    assertThat(directory.require("node").description().language()).isEqualTo("node");
  }

  @Test
  void theFirstDirectoryThatKnowsALanguageDecidesIt() throws IOException {
    write("a/node", config("node", "first"));
    write("b/node", config("node", "second"));
    write("b/java", config("java", "java"));

    WorkersDirectory directory =
        WorkersDirectory.scan(List.of(root.resolve("a"), root.resolve("b")));

    assertThat(directory.require("node").description().program().executable()).isEqualTo("first");
    assertThat(directory.workers()).containsOnlyKeys("java", "node");
  }

  @Test
  void aLanguageClaimedByTwoFoldersIsRefusedNamingBoth() throws IOException {
    write("a/node", config("node", "x"));
    write("a/node-too", config("node", "x"));

    WorkersDirectory directory = WorkersDirectory.scan(root.resolve("a"));

    assertThat(directory.workers()).isEmpty();
    assertThat(directory.problems().get("node"))
        .contains("a/node/", "a/node-too/", "claimed twice");
  }

  @Test
  void aDirectoryThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> WorkersDirectory.scan(root.resolve("none")))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining(root.resolve("none").toString())
        .hasMessageContaining("is not a directory");
  }

  private void write(String folder, String content) throws IOException {
    Path directory = Files.createDirectories(root.resolve(folder));
    Files.writeString(directory.resolve(WorkerConfig.FILE_NAME), content);
  }

  private static String config(String language, String executable) {
    return "{\"description\":{\"language\":\"%s\",\"defaultExecutablePath\":\"%s\"}}"
        .formatted(language, executable);
  }
}
