/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.time.Randomness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSecretSourceTest {
  @TempDir Path directory;

  @Test
  void keyIsTheSameAtTheNextStartAndDiffersByPurpose() {
    byte[] first = source(1).key("resume-tokens");

    assertThat(source(2).key("resume-tokens")).isEqualTo(first).hasSize(32);
    assertThat(source(3).key("settings")).isNotEqualTo(first);
  }

  @Test
  void filesAreTheirOwnersAlone() throws IOException {
    byte[] unused = source(1).key("settings");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys())))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(keys().resolve("settings.key"))))
        .isEqualTo("rw-------");
    try (var files = Files.list(keys())) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void keyThatIsCutShortIsRefusedByName() throws IOException {
    byte[] unused = source(1).key("settings");
    Path file = keys().resolve("settings.key");
    Files.write(file, new byte[7]);

    assertThatThrownBy(() -> source(1).key("settings"))
        .isInstanceOf(ManyhandsException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("7 bytes")
        .hasMessageContaining("at least 32");
  }

  @Test
  void directoryThatCannotBeMadeIsSaid() throws IOException {
    Files.writeString(keys(), "a file");

    assertThatThrownBy(() -> source(1).key("settings"))
        .isInstanceOf(ManyhandsException.class)
        .hasMessageContaining(keys().toString());
  }

  private Path keys() {
    return directory.resolve("keys");
  }

  private FileSecretSource source(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new FileSecretSource(
        keys(),
        new Randomness() {
          @Override
          public long nextLong() {
            return random.nextLong();
          }

          @Override
          public int nextInt(int bound) {
            return random.nextInt(bound);
          }
        });
  }
}
