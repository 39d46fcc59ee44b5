/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkerArgumentsTest {
  @TempDir Path directory;

  @Test
  void wordsOfAnArgumentsFileCountLikeThoseOfTheCommandLine() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("arguments"),
            "--host\n127.0.0.1\n--port\n7071\n--workerId\nw-1\n--requestId\nr-1\n");

    WorkerArguments arguments =
        WorkerArguments.parse(List.of("--manyhands-arguments-file", file.toString()), Map.of());

    assertThat(arguments.workerId()).isEqualTo("w-1");
    assertThat(arguments.addresses())
        .containsExactly(new WorkerArguments.Address("127.0.0.1", 7071));
  }

  @Test
  void argumentsFileThatIsNotThereIsNamed() {
    String missing = directory.resolve("nowhere").toString();

    assertThatThrownBy(
            () -> WorkerArguments.parse(List.of("--manyhands-arguments-file", missing), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(missing);
  }
}
