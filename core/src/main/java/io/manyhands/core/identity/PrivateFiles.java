/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and directories that only their owner may read. Blocks. */
public final class PrivateFiles {
  private PrivateFiles() {}

  /** Makes it and those above it where they are missing, mode 0700. */
  public static void createDirectories(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, attributes("rwx------"));
    }
  }

  /** For writing at its end; made with mode 0600 where it is missing. */
  static FileChannel open(Path file) throws IOException {
    return open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Replaces a file as a whole: a crash leaves the one before or this one. Durable. */
  public static void replace(Path file, byte[] content) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    write(draft, content);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Makes a file that is whole from the beginning; where there is one already it stays.
   *
   * @param draft beside it; for this call alone
   * @return what is in it
   */
  static byte[] createOnce(Path file, Path draft, byte[] content) throws IOException {
    try {
      write(draft, content);
      Files.createLink(file, draft);
      return content;
    } catch (FileAlreadyExistsException e) {
      return Files.readAllBytes(file);
    } catch (UnsupportedOperationException e) {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      return content;
    } finally {
      try {
        Files.deleteIfExists(draft);
      } catch (NoSuchFileException e) {
        // Moved.
      }
    }
  }

  private static void write(Path draft, byte[] content) throws IOException {
    try (FileChannel channel =
        open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static FileChannel open(Path file, OpenOption... options) throws IOException {
    return FileChannel.open(file, Set.of(options), attributes("rw-------"));
  }

  private static FileAttribute<?>[] attributes(String mode) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }
}
