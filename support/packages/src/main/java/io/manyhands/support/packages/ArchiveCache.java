/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.packages;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Verified archives by their hash, the longest unused removed first. */
final class ArchiveCache {
  private record Kept(String sha256, long bytes, FileTime used) {}

  private static final String ARRIVING = ".arriving";

  private final Path directory;
  private final long maxBytes;
  private final InstantSource clock;

  /** Guarded by this, the longest unused first; hash to bytes. */
  private final LinkedHashMap<String, Long> kept = new LinkedHashMap<>(16, 0.75f, true);

  /** Guarded by this. */
  private final Set<String> taken = new HashSet<>();

  private ArchiveCache(Path directory, long maxBytes, InstantSource clock) {
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.clock = clock;
  }

  /** Finds what an earlier process kept and removes what it had not finished. */
  static ArchiveCache in(Path directory, long maxBytes, InstantSource clock) throws IOException {
    PrivateFiles.createDirectories(directory);
    ArchiveCache cache = new ArchiveCache(directory, maxBytes, clock);
    List<Path> found;
    try (Stream<Path> files = Files.list(directory)) {
      found = files.toList();
    }
    List<Kept> archives = new ArrayList<>();
    for (Path file : found) {
      String name = String.valueOf(file.getFileName());
      if (name.matches("[0-9a-f]{64}")) {
        archives.add(new Kept(name, Files.size(file), Files.getLastModifiedTime(file)));
      } else {
        PrivateFiles.deleteTree(file);
      }
    }
    archives.sort(Comparator.comparing(Kept::used));
    synchronized (cache) {
      archives.forEach(each -> cache.kept.put(each.sha256(), each.bytes()));
    }
    return cache;
  }

  /** The archive where it is here and still the one it was, to be given back; or null. */
  @Nullable Path take(String sha256) throws IOException {
    synchronized (this) {
      taken.add(sha256);
      if (kept.get(sha256) == null) {
        return null;
      }
    }
    Path file = directory.resolve(sha256);
    if (Files.isRegularFile(file)) {
      try (FileChannel channel = FileChannel.open(file)) {
        if (sha256(channel).equals(sha256)) {
          // For the order in which the next process removes.
          Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
          return file;
        }
      }
    }
    Files.deleteIfExists(file);
    synchronized (this) {
      kept.remove(sha256);
    }
    return null;
  }

  Path newArrival() {
    return directory.resolve(UUID.randomUUID() + ARRIVING);
  }

  /** Takes a verified file over; the caller has taken its hash. */
  Path keep(Path arrived, String sha256) throws IOException {
    Path file = directory.resolve(sha256);
    long size = Files.size(arrived);
    Files.move(arrived, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    synchronized (this) {
      kept.put(sha256, size);
    }
    return file;
  }

  /** Ends the use of an archive, and removes others, or itself, where all are too many bytes. */
  void release(String sha256) {
    synchronized (this) {
      taken.remove(sha256);
      long bytes = kept.values().stream().mapToLong(Long::longValue).sum();
      Iterator<Map.Entry<String, Long>> oldest = kept.entrySet().iterator();
      while (bytes > maxBytes && oldest.hasNext()) {
        Map.Entry<String, Long> entry = oldest.next();
        if (!taken.contains(entry.getKey())) {
          bytes -= entry.getValue();
          oldest.remove();
          delete(entry.getKey());
        }
      }
    }
  }

  private void delete(String sha256) {
    try {
      Files.deleteIfExists(directory.resolve(sha256));
    } catch (IOException busy) {
      // The next start finds it and counts it again.
    }
  }

  /** Reads the whole file; lower-case hexadecimal digits. */
  static String sha256(FileChannel file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    long position = 0;
    int count;
    while ((count = file.read(buffer, position)) >= 0) {
      position += count;
      digest.update(buffer.flip());
      buffer.clear();
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
