/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.packages;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * Counts the entries of a zip by walking its central directory in constant memory, before a library
 * makes an object of each: a small archive can hold millions.
 */
final class ZipDirectory {
  private static final int END_BYTES = 22;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int LOCATOR_BYTES = 20;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int ENTRY_BYTES = 46;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int LONGEST_COMMENT = 0xFFFF;

  private final FileChannel file;
  private final String name;

  private ZipDirectory(FileChannel file, String name) {
    this.file = file;
    this.name = name;
  }

  /**
   * Refuses an archive of more entries, and one that is no plain zip.
   *
   * @param name the archive, for messages
   */
  static void requireEntries(FileChannel file, String name, int maxEntries) throws IOException {
    new ZipDirectory(file, name).walk(maxEntries);
  }

  private void walk(int maxEntries) throws IOException {
    long end = findEnd();
    if (end >= LOCATOR_BYTES
        && read(end - LOCATOR_BYTES, LOCATOR_BYTES).getInt(0) == LOCATOR_SIGNATURE) {
      throw refused(
          "a Zip64 archive (expected: at most " + PackageOptions.MOST_ENTRIES + " entries, 4 GiB)");
    }
    ByteBuffer record = read(end, END_BYTES);
    long position = Integer.toUnsignedLong(record.getInt(16));
    if (position + Integer.toUnsignedLong(record.getInt(12)) != end) {
      throw refused("its central directory is not where its end says (expected: a whole zip)");
    }
    int entries = 0;
    while (position < end) {
      ByteBuffer entry = read(position, ENTRY_BYTES);
      if (entry.getInt(0) != ENTRY_SIGNATURE) {
        throw refused("its central directory is damaged (expected: a whole zip)");
      }
      if (++entries > maxEntries) {
        throw refused("more entries than " + maxEntries + " (expected: at most that many)");
      }
      position +=
          ENTRY_BYTES
              + Short.toUnsignedInt(entry.getShort(28))
              + Short.toUnsignedInt(entry.getShort(30))
              + Short.toUnsignedInt(entry.getShort(32));
    }
  }

  private long findEnd() throws IOException {
    long size = file.size();
    if (size < END_BYTES) {
      throw refused(size + " bytes (expected: a zip)");
    }
    int tail = (int) Math.min(size, END_BYTES + LONGEST_COMMENT);
    ByteBuffer bytes = read(size - tail, tail);
    for (int at = tail - END_BYTES; at >= 0; at--) {
      if (bytes.getInt(at) == END_SIGNATURE) {
        return size - tail + at;
      }
    }
    throw refused("no end of a central directory (expected: a zip)");
  }

  private ByteBuffer read(long position, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, position + bytes.position()) < 0) {
        throw refused("ends within its central directory (expected: a whole zip)");
      }
    }
    return bytes.flip();
  }

  private PackageException refused(String found) {
    return PackageException.refused("package " + name + ": " + found);
  }
}
