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
import java.nio.file.Files;
import java.nio.file.Path;

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
      PrivateFiles.createDirectories(directory);
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

  private byte[] create(Path file) throws IOException {
    Path draft =
        directory.resolve(
            file.getFileName() + "." + Long.toHexString(randomness.nextLong()) + ".new");
    return PrivateFiles.createOnce(file, draft, random(randomness));
  }

  private static byte[] random(Randomness randomness) {
    ByteBuffer key = ByteBuffer.allocate(KEY_BYTES);
    while (key.hasRemaining()) {
      key.putLong(randomness.nextLong());
    }
    return key.array();
  }
}
