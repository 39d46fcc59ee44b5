/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker's own home, temporary and working directory, mode 0700, removed with it. Blocks on the disk. */
record PrivateDirectory(Path root) {
  private static final Logger LOG = LoggerFactory.getLogger(PrivateDirectory.class);

  static PrivateDirectory create(Path parent, String name) {
    PrivateDirectory directory = new PrivateDirectory(parent.resolve(name));
    try {
      for (Path part : new Path[] {directory.root(), directory.home(), directory.temporary(), directory.work()}) {
        Files.createDirectory(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      return directory;
    } catch (IOException e) {
      directory.delete();
      throw new ManyhandsException(ErrorCode.RESOURCE_UNAVAILABLE, "provisioner local: directory " + directory.root() + " cannot be made: " + e, e);
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

  /** The variables that every environment of this worker keeps. */
  Map<String, String> environment(String searchPath) {
    return Map.of("PATH", searchPath, "LANG", "C.UTF-8", "HOME", home().toString(), "TMPDIR", temporary().toString());
  }

  /** Removes everything, following no link. What cannot be removed is said and left. */
  void delete() {
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @org.jspecify.annotations.Nullable IOException error) throws IOException {
              Files.delete(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException e) {
      // nothing to remove
    } catch (IOException e) {
      LOG.warn("private directory {} of a worker cannot be removed: {}", root, e.toString());
    }
  }
}
