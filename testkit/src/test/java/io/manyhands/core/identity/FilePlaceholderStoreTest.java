/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.spi.store.PlaceholderStore;
import io.manyhands.testkit.contract.PlaceholderStoreContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FilePlaceholderStoreTest extends PlaceholderStoreContract {
  private static final WorkerId WORKER = new WorkerId("w1");

  @TempDir Path directory;
  private Optional<String> boot = Optional.of("boot-1");
  private PlaceholderStore open = new ForgetfulPlaceholders();

  /** Closing writes nothing: what was there when the process was killed is there. */
  @Override
  protected PlaceholderStore nextStart() throws Exception {
    end();
    open = FilePlaceholderStore.open(directory, Runnable::run, boot);
    return open;
  }

  @AfterEach
  void end() throws Exception {
    if (open instanceof AutoCloseable closeable) {
      closeable.close();
    }
  }

  @Test
  void nothingIsRememberedAfterAnotherBootOfTheMachine() throws Exception {
    nextStart().add(WORKER);
    boot = Optional.of("boot-2");

    assertThat(nextStart().remembers(WORKER)).isFalse();
  }

  @Test
  void nothingIsRememberedWhereTheBootIsNotKnown() throws Exception {
    boot = Optional.empty();
    nextStart().add(WORKER);

    assertThat(nextStart().remembers(WORKER)).isFalse();
  }

  @Test
  void lineThatACrashCutShortIsNone() throws Exception {
    nextStart().add(WORKER);
    end();
    Files.writeString(file(), "+w2", StandardOpenOption.APPEND);

    PlaceholderStore next = nextStart();
    assertThat(next.remembers(WORKER)).isTrue();
    assertThat(next.remembers(new WorkerId("w2"))).isFalse();
  }

  @Test
  void journalStaysSmallHoweverManyWorkersPass() throws Exception {
    PlaceholderStore store = nextStart();
    store.add(WORKER);
    for (int i = 0; i < 30_000; i++) {
      WorkerId passing = new WorkerId("passing-" + i);
      store.add(passing);
      var unused = store.remove(passing);
    }

    assertThat(Files.readAllLines(file())).hasSizeLessThan(15_000);
    PlaceholderStore next = nextStart();
    assertThat(next.remembers(WORKER)).isTrue();
    assertThat(next.remembers(new WorkerId("passing-29999"))).isFalse();
  }

  @Test
  void secondRuntimeOfOneDirectoryRemembersNothingAndDisturbsNothing() throws Exception {
    nextStart().add(WORKER);
    PlaceholderStore second = FilePlaceholderStore.open(directory, Runnable::run, boot);
    second.add(new WorkerId("w2"));

    assertThat(second.remembers(WORKER)).isFalse();
    assertThat(nextStart().remembers(WORKER)).isTrue();
  }

  @Test
  void journalIsItsOwnersAlone() throws Exception {
    nextStart().add(WORKER);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void journalThatCannotBeReadIsSaidByName() throws Exception {
    Files.createDirectory(file());

    assertThatThrownBy(this::nextStart)
        .isInstanceOf(ManyhandsException.class)
        .hasMessageContaining(file().toString());
  }

  private Path file() {
    return directory.resolve("placeholders");
  }
}
