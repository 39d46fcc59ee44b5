/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.security.SecretSource;
import io.manyhands.spi.time.Randomness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Keys in files that only their owner may read, made at first need. Several Runtimes may share the
 * directory: whoever is first wins. Thread-safe; blocks.
 */
public final class FileSecretSource implements SecretSource {
  private final Path directory;
  private final Randomness randomness;

  /**
   * @param directory mode 0700; made where it is missing
   * @param randomness unpredictable
   */
  public FileSecretSource(Path directory, Randomness randomness) {
    this.directory = directory;
    this.randomness = randomness;
  }

  /** A source of keys that nobody will know again. */
  public static SecretSource forgetful(Randomness randomness) {
    return purpose -> random(randomness);
  }

  @Override
  public byte[] key(String purpose) {
    Path file = directory.resolve(purpose + ".key");
    try {
      Files.createDirectories(directory, attributes("rwx------"));
      byte[] key = Files.exists(file) ? Files.readAllBytes(file) : create(file);
      if (key.length < KEY_BYTES) {
        throw new ManyhandsException(
            ErrorCode.RESOURCE_UNAVAILABLE,
            "key file "
                + file
                + ": "
                + key.length
                + " bytes (expected: at least "
                + KEY_BYTES
                + "; remove it to have a new one made, which shuts out workers that are away)");
      }
      return key;
    } catch (IOException e) {
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE, "key file " + file + " cannot be read or made: " + e, e);
    }
  }

  /** Written whole under another name first: a crash leaves no half a key. */
  private byte[] create(Path file) throws IOException {
    byte[] key = random(randomness);
    Path draft =
        directory.resolve(
            file.getFileName() + "." + Long.toHexString(randomness.nextLong()) + ".new");
    try {
      try (FileChannel channel =
          FileChannel.open(
              draft,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              attributes("rw-------"))) {
        ByteBuffer bytes = ByteBuffer.wrap(key);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.createLink(file, draft);
      return key;
    } catch (FileAlreadyExistsException e) {
      return Files.readAllBytes(file);
    } catch (UnsupportedOperationException e) {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      return key;
    } finally {
      try {
        Files.deleteIfExists(draft);
      } catch (NoSuchFileException e) {
        // Moved.
      }
    }
  }

  private static byte[] random(Randomness randomness) {
    ByteBuffer key = ByteBuffer.allocate(KEY_BYTES);
    while (key.hasRemaining()) {
      key.putLong(randomness.nextLong());
    }
    return key.array();
  }

  private static FileAttribute<?>[] attributes(String mode) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }
}
