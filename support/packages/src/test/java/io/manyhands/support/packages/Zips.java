/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.packages;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Writes archives, good and hostile. */
final class Zips {
  static final int SYMLINK = 0120777;
  static final int FILE = 0100644;
  static final int EXECUTABLE = 0100755;

  private final ZipArchiveOutputStream out;
  private final Path file;

  Zips(Path file) throws IOException {
    this.file = file;
    this.out = new ZipArchiveOutputStream(file);
    out.setUseZip64(Zip64Mode.Never);
  }

  Zips with(String name, String text) throws IOException {
    return with(name, text.getBytes(StandardCharsets.UTF_8), FILE);
  }

  Zips with(String name, byte[] content, int mode) throws IOException {
    ZipArchiveEntry entry = new ZipArchiveEntry(name);
    entry.setUnixMode(mode);
    out.putArchiveEntry(entry);
    out.write(content);
    out.closeArchiveEntry();
    return this;
  }

  Path write() throws IOException {
    out.close();
    return file;
  }

  static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
