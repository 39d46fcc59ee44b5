/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.packages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackageStoreTest {
  @TempDir Path directory;
  private PackageStore store;

  @BeforeEach
  void openStore() {
    store = PackageStore.in(directory.resolve("store"), PackageOptions.defaults());
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private Zips zip() throws IOException {
    return new Zips(directory.resolve("app.zip"));
  }

  private UnpackedPackage open(Path archive) throws IOException {
    return store.open(archive.toUri(), Zips.sha256(archive));
  }

  private void reopen(PackageOptions options) {
    store.close();
    store = PackageStore.in(directory.resolve("store"), options);
  }

  private List<Path> below(String name) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("store").resolve(name))) {
      return files.toList();
    }
  }

  private void assertNothingUnpacked() throws IOException {
    assertThat(below("unpacked")).isEmpty();
  }

  @Test
  void filesOfAPackageAreUnpackedIntoAPrivateDirectory() throws IOException {
    Path archive =
        zip()
            .with("host.json", "{}")
            .with("bin/tool", "#!/bin/sh\n".getBytes(UTF_8), Zips.EXECUTABLE)
            .with("hello/__init__.py", "pass")
            .write();
    try (UnpackedPackage unpacked = open(archive)) {
      assertThat(unpacked.directory().resolve("host.json")).hasContent("{}");
      assertThat(unpacked.directory().resolve("hello/__init__.py")).hasContent("pass");
      assertThat(Files.isExecutable(unpacked.directory().resolve("bin/tool"))).isTrue();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(unpacked.directory())))
          .isEqualTo("rwx------");
    }
    assertNothingUnpacked();
  }

  @Test
  void eachUserOfOnePackageHasFilesOfItsOwn() throws IOException {
    Path archive = zip().with("a.txt", "as packed").write();
    try (UnpackedPackage one = open(archive);
        UnpackedPackage other = open(archive)) {
      Files.writeString(one.directory().resolve("a.txt"), "changed by its code");
      assertThat(other.directory().resolve("a.txt")).hasContent("as packed");
    }
  }

  @Test
  void packageIsTakenFromTheCacheWhenItsSourceIsGone() throws IOException {
    Path archive = zip().with("a.txt", "kept").write();
    String sha256 = Zips.sha256(archive);
    open(archive).close();
    Files.delete(archive);
    reopen(PackageOptions.defaults());
    try (UnpackedPackage unpacked = store.open(archive.toUri(), sha256)) {
      assertThat(unpacked.directory().resolve("a.txt")).hasContent("kept");
    }
  }

  @Test
  void archiveThatWasChangedInTheCacheIsFetchedAgain() throws IOException {
    Path archive = zip().with("a.txt", "good").write();
    open(archive).close();
    Files.writeString(below("archives").get(0), "changed");
    try (UnpackedPackage unpacked = open(archive)) {
      assertThat(unpacked.directory().resolve("a.txt")).hasContent("good");
    }
  }

  @Test
  void longestUnusedArchiveMakesRoom() throws IOException {
    reopen(PackageOptions.builder().maxCacheBytes(300).build());
    Path old = new Zips(directory.resolve("old.zip")).with("a.txt", "old").write();
    Path kept = new Zips(directory.resolve("kept.zip")).with("a.txt", "kept").write();
    Path last = new Zips(directory.resolve("last.zip")).with("a.txt", "last").write();
    assertThat(Files.size(last)).isBetween(101L, 150L);
    open(old).close();
    open(kept).close();
    open(last).close();
    assertThat(below("archives").stream().map(file -> file.getFileName().toString()))
        .containsExactlyInAnyOrder(Zips.sha256(kept), Zips.sha256(last));
  }

  @Test
  void whatAKilledProcessLeftIsRemovedAtTheNextStart() throws IOException {
    Path archive = zip().with("a.txt", "left").write();
    UnpackedPackage left = open(archive);
    Files.writeString(directory.resolve("store/archives/half.arriving"), "half");
    Path killed = directory.resolve("killed");
    try (Stream<Path> all = Files.walk(directory.resolve("store"))) {
      for (Path each : all.toList()) {
        Files.copy(each, killed.resolve(directory.resolve("store").relativize(each)));
      }
    }
    PackageStore next = PackageStore.in(killed, PackageOptions.defaults());
    try {
      assertThat(killed.resolve("unpacked")).isEmptyDirectory();
      assertThat(killed.resolve("archives/half.arriving")).doesNotExist();
    } finally {
      next.close();
    }
    left.close();
  }

  @Test
  void directoryInUseIsRefused() {
    assertThatThrownBy(() -> PackageStore.in(directory.resolve("store"), PackageOptions.defaults()))
        .isInstanceOf(PackageException.class)
        .hasMessageContaining("in use (expected: a directory of its own)");
  }

  @Test
  void archiveOfAnotherHashIsRefusedAndNotKept() throws IOException {
    Path archive = zip().with("a.txt", "text").write();
    String wrong = "0".repeat(64);
    assertThatThrownBy(() -> store.open(archive.toUri(), wrong))
        .isInstanceOf(PackageException.class)
        .hasMessageContaining("sha256 is " + Zips.sha256(archive))
        .hasMessageContaining("(expected: " + wrong + ")");
    assertNothingUnpacked();
    assertThat(below("archives")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../escaped.txt",
        "a/../../escaped.txt",
        "/etc/escaped.txt",
        "C:/escaped.txt",
        "a\\..\\escaped.txt",
        "a//b.txt",
        "./a.txt",
        "a/\u0007.txt",
      })
  void entryThatLeadsElsewhereIsRefused(String name) throws IOException {
    Path archive = zip().with("first.txt", "good").with(name, "bad").write();
    assertThatThrownBy(() -> open(archive))
        .isInstanceOf(PackageException.class)
        .hasMessageContaining("app.zip: entry \"");
    assertNothingUnpacked();
    try (Stream<Path> all = Files.walk(directory)) {
      assertThat(all).noneMatch(file -> file.endsWith("escaped.txt"));
    }
  }

  @Test
  void symbolicLinkIsRefused() throws IOException {
    Path archive = zip().with("link", "/etc".getBytes(UTF_8), Zips.SYMLINK).write();
    assertThatThrownBy(() -> open(archive))
        .hasMessageContaining(
            "entry \"link\" is a link or a device (expected: a file or a directory)");
    assertNothingUnpacked();
  }

  @Test
  void entryThatIsThereTwiceIsRefused() throws IOException {
    Path archive = zip().with("a.txt", "one").with("a.txt", "two").write();
    assertThatThrownBy(() -> open(archive)).hasMessageContaining("entry \"a.txt\" is there twice");
  }

  @Test
  void fileThatIsADirectoryTooIsRefused() throws IOException {
    Path archive = zip().with("a", "one").with("a/b.txt", "two").write();
    assertThatThrownBy(() -> open(archive)).isInstanceOf(PackageException.class);
    assertNothingUnpacked();
  }

  @Test
  void bombIsRefusedWhenItsFilesExceedTheirLimit() throws IOException {
    reopen(PackageOptions.builder().maxUnpackedBytes(1 << 20).build());
    Path archive = zip().with("zeros", new byte[(1 << 20) + 1], Zips.FILE).write();
    assertThat(Files.size(archive)).isLessThan(10_000);
    assertThatThrownBy(() -> open(archive))
        .hasMessageContaining("more than 1048576 bytes unpacked (expected: at most that)");
    assertNothingUnpacked();
  }

  @Test
  void archiveOfTooManyEntriesIsRefusedBeforeTheyAreRead() throws IOException {
    reopen(PackageOptions.builder().maxEntries(2).build());
    Path two = new Zips(directory.resolve("two.zip")).with("1", "").with("2", "").write();
    open(two).close();
    Path three = zip().with("1", "").with("2", "").with("3", "").write();
    assertThatThrownBy(() -> open(three)).hasMessageContaining("more entries than 2");
  }

  @Test
  void archiveTooLargeIsRefused() throws IOException {
    reopen(PackageOptions.builder().maxArchiveBytes(100).build());
    Path archive = zip().with("a.txt", "text").write();
    assertThatThrownBy(() -> open(archive)).hasMessageContaining("(expected: at most 100)");
    assertThat(below("archives")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PK", "no zip at all, but long enough to hold the end of one"})
  void whatIsNoZipIsRefused(String content) throws IOException {
    Path file = Files.writeString(directory.resolve("app.zip"), content);
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(PackageException.class)
        .hasMessageContaining("(expected: a zip)");
    assertNothingUnpacked();
  }

  @Test
  void truncatedOrDamagedZipIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(zip().with("a.txt", "some text to be damaged").write());
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) 0xFF;
      Path file = Files.write(directory.resolve("damaged.zip"), damaged);
      try (UnpackedPackage stillAZip = open(file)) {
        assertThat(stillAZip.directory()).isDirectory();
      } catch (PackageException refused) {
        assertThat(refused.isRetrySafe()).as(refused.getMessage()).isFalse();
      }
      assertNothingUnpacked();
    }
  }

  @Test
  void fileOutsideTheAllowedDirectoriesIsRefusedAlsoThroughALink() throws IOException {
    Path allowed = Files.createDirectory(directory.resolve("allowed"));
    Path outside = zip().with("a.txt", "text").write();
    Files.createSymbolicLink(allowed.resolve("link.zip"), outside);
    reopen(PackageOptions.builder().allowedSources(List.of(allowed.toUri())).build());
    for (String each : List.of("app.zip", "allowed/link.zip", "allowed/../app.zip")) {
      URI uri = URI.create(directory.toUri() + each);
      assertThatThrownBy(() -> store.open(uri, Zips.sha256(outside)))
          .as(each)
          .hasMessageContaining("not from an allowed source (expected: below one of file://");
    }
    Path inside = Files.copy(outside, allowed.resolve("inside.zip"));
    open(inside).close();
  }

  @Test
  void hashIsCheckedForItsForm() {
    assertThatThrownBy(() -> store.open(URI.create("file:///a.zip"), "ABC"))
        .hasMessageContaining("sha256 \"ABC\" (expected: 64 lower-case hexadecimal digits)");
  }

  @Test
  void missingFileIsNamed() {
    assertThatThrownBy(() -> store.open(URI.create("file:///no/such.zip"), "0".repeat(64)))
        .hasMessage("package file:///no/such.zip: not a regular file (expected: a zip)");
  }
}
