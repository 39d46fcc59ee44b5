/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.packages;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Enumeration;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** Writes the files of one archive below one new directory, and nowhere else. */
final class Unpacking {
  private static final int TYPE_MASK = 0170000;
  private static final int TYPE_FILE = 0100000;
  private static final int TYPE_DIRECTORY = 0040000;
  private static final int LONGEST_NAME = 1024;
  private static final int DEEPEST = 64;

  private final String name;
  private final Path target;
  private final long maxBytes;
  private final byte[] buffer = new byte[64 * 1024];
  private long bytes;

  private Unpacking(String name, Path target, long maxBytes) {
    this.name = name;
    this.target = target;
    this.maxBytes = maxBytes;
  }

  /**
   * Blocks. What was written before a failure stays. A disk that fails is an {@link
   * UncheckedIOException}; whatever else goes wrong is the archive's fault.
   *
   * @param name the archive, for messages
   * @param target an empty directory
   */
  static void unpack(Path archive, String name, Path target, long maxBytes) {
    Unpacking unpacking = new Unpacking(name, target, maxBytes);
    try (ZipFile zip = ZipFile.builder().setPath(archive).get()) {
      for (Enumeration<ZipArchiveEntry> all = zip.getEntries(); all.hasMoreElements(); ) {
        unpacking.write(zip, all.nextElement());
      }
    } catch (IOException malformed) {
      throw PackageException.refused(
          "package " + name + ": damaged (expected: a whole zip)", malformed);
    }
  }

  private void write(ZipFile zip, ZipArchiveEntry entry) {
    Path path = place(entry);
    requirePlain(zip, entry);
    try {
      if (entry.isDirectory()) {
        Files.createDirectories(path);
        return;
      }
      Files.createDirectories(path.getParent());
      try (InputStream from = zip.getInputStream(entry);
          OutputStream to = Files.newOutputStream(path, CREATE_NEW, WRITE)) {
        copy(from, to);
      }
      if ((entry.getUnixMode() & 0100) != 0) {
        PrivateFiles.makeExecutable(path);
      }
    } catch (FileAlreadyExistsException twice) {
      throw refused(entry, "is there twice (expected: once)");
    } catch (FileSystemException disk) {
      throw new UncheckedIOException(disk);
    } catch (IOException | IllegalArgumentException damaged) {
      throw refused(entry, "is damaged (expected: a whole entry)");
    }
  }

  private void copy(InputStream from, OutputStream to) throws IOException {
    int count;
    while ((count = from.read(buffer)) >= 0) {
      bytes += count;
      if (bytes > maxBytes) {
        throw PackageException.refused(
            "package "
                + name
                + ": more than "
                + maxBytes
                + " bytes unpacked (expected: at most that)");
      }
      try {
        to.write(buffer, 0, count);
      } catch (IOException full) {
        throw new UncheckedIOException(full);
      }
    }
  }

  /** Sizes that an entry states are not believed; names are. */
  private Path place(ZipArchiveEntry entry) {
    String stated = entry.getName();
    if (stated.isEmpty()
        || stated.length() > LONGEST_NAME
        || stated.startsWith("/")
        || stated.indexOf('\\') >= 0
        || stated.indexOf(':') >= 0
        || stated.chars().anyMatch(Character::isISOControl)) {
      throw refused(entry, "has a name that is none (expected: a relative path with / between)");
    }
    String[] parts = stated.split("/");
    if (parts.length == 0 || parts.length > DEEPEST) {
      throw refused(entry, "lies deeper than " + DEEPEST + " directories (expected: less)");
    }
    for (String part : parts) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw refused(entry, "leads elsewhere (expected: a path without . and ..)");
      }
    }
    try {
      Path path = target.resolve(stated).normalize();
      if (path.startsWith(target) && !path.equals(target)) {
        return path;
      }
    } catch (InvalidPathException impossible) {
      // Refused as one that leads elsewhere.
    }
    throw refused(entry, "leads elsewhere (expected: a path within the package)");
  }

  private void requirePlain(ZipFile zip, ZipArchiveEntry entry) {
    int type = entry.getUnixMode() & TYPE_MASK;
    if (entry.isUnixSymlink() || (type != 0 && type != TYPE_FILE && type != TYPE_DIRECTORY)) {
      throw refused(entry, "is a link or a device (expected: a file or a directory)");
    }
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      throw refused(entry, "is encrypted (expected: not encrypted)");
    }
    if (!zip.canReadEntryData(entry)) {
      throw refused(
          entry,
          "uses compression method " + entry.getMethod() + " (expected: stored or deflated)");
    }
  }

  private PackageException refused(ZipArchiveEntry entry, String found) {
    String stated = entry.getName().replaceAll("\\p{Cntrl}", "?");
    String shown = stated.length() > 200 ? stated.substring(0, 200) + "..." : stated;
    return PackageException.refused("package " + name + ": entry \"" + shown + "\" " + found);
  }
}
