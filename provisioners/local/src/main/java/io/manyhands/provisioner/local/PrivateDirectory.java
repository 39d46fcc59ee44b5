/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.support.launch.LaunchMarker;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's own home, temporary and working directory, mode 0700, removed with it. Blocks on the
 * disk.
 *
 * @param root named like the launch marker
 * @param user whose it is, where it is not ours
 */
record PrivateDirectory(Path root, OptionalInt user) {
  private static final Logger LOG = LoggerFactory.getLogger(PrivateDirectory.class);
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{32}");
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");

  void create() {
    try {
      for (Path part : new Path[] {root, home(), temporary(), work()}) {
        Files.createDirectory(part, PosixFilePermissions.asFileAttribute(OWNER));
      }
      if (user.isPresent()) {
        for (Path part : new Path[] {home(), temporary(), work(), root}) {
          WorkerUsers.give(part, user.getAsInt());
        }
      }
    } catch (IOException e) {
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE,
          "provisioner local: directory %s cannot be made: %s".formatted(root, e),
          e);
    }
  }

  Path home() {
    return root.resolve("home");
  }

  Path temporary() {
    return root.resolve("tmp");
  }

  Path work() {
    return root.resolve("work");
  }

  /** Removes everything, following no link. What cannot be removed is said and left. */
  void delete() {
    if (Files.notExists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Deletion deletion = new Deletion();
    try {
      Files.walkFileTree(root, deletion);
    } catch (IOException e) {
      deletion.note(e);
    }
    if (deletion.failure != null) {
      LOG.warn(
          "private directory {} of a worker cannot be removed: {}",
          root,
          deletion.failure.toString());
    }
  }

  /** Removes those of all earlier workers but these. */
  static void deleteAllBut(Set<LaunchMarker> kept, Path parent) {
    try (DirectoryStream<Path> stream =
        Files.newDirectoryStream(
            parent,
            path -> {
              String name = path.getFileName().toString();
              return NAME.matcher(name).matches() && !kept.contains(new LaunchMarker(name));
            })) {
      for (Path path : stream) {
        new PrivateDirectory(path, OptionalInt.empty()).delete();
      }
    } catch (IOException e) {
      LOG.warn("directory {} cannot be cleared: {}", parent, e.toString());
    }
  }

  /** Goes on after a failure, and into directories that the worker closed to itself. */
  private static final class Deletion extends SimpleFileVisitor<Path> {
    private @Nullable IOException failure;

    void note(IOException e) {
      if (failure == null) {
        failure = e;
      }
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      Files.setPosixFilePermissions(directory, OWNER);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      remove(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) && !Files.isReadable(file)) {
        Files.setPosixFilePermissions(file, OWNER);
        Files.walkFileTree(file, this);
      } else {
        note(e);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException error) {
      remove(directory);
      return FileVisitResult.CONTINUE;
    }

    private void remove(Path path) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        note(e);
      }
    }
  }
}
