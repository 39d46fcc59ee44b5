/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.packages;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Fetches packages once and unpacks them for each user anew, below one directory that only one
 * process uses at a time.
 *
 * <p>Archives are kept by their hash in {@code archives}. Each {@link #open} verifies the archive
 * again and unpacks it into a directory of its own in {@code unpacked}: code that writes into its
 * own files does not change those of a neighbour with the same package. What a killed process left
 * is removed when the next one opens the store.
 *
 * <p>Safe for any thread. All methods block for network and disk; callers that ask for one package
 * at the same time share one fetch.
 */
public final class PackageStore implements AutoCloseable {
  private final Path unpacked;
  private final PackageOptions options;
  private final PackageFetch fetch;
  private final ArchiveCache archives;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final Object[] turns = Stream.generate(Object::new).limit(64).toArray();
  private final Set<Path> inUse = ConcurrentHashMap.newKeySet();

  private PackageStore(Path directory, PackageOptions options, FileChannel lockFile, FileLock lock)
      throws IOException {
    this.unpacked = directory.resolve("unpacked");
    this.options = options;
    this.fetch = new PackageFetch(options);
    this.lockFile = lockFile;
    this.lock = lock;
    this.archives =
        ArchiveCache.in(
            directory.resolve("archives"), options.maxCacheBytes(), InstantSource.system());
    PrivateFiles.deleteTree(unpacked);
    PrivateFiles.createDirectories(unpacked);
  }

  /**
   * Takes a directory, which is made where there is none.
   *
   * @throws PackageException where another store uses it, or it cannot be written
   */
  public static PackageStore in(Path directory, PackageOptions options) {
    Path absolute = directory.toAbsolutePath().normalize();
    FileChannel lockFile = null;
    try {
      PrivateFiles.createDirectories(absolute);
      lockFile =
          FileChannel.open(
              absolute.resolve("lock"),
              EnumSet.of(CREATE, WRITE),
              PrivateFiles.permissions("rw-------"));
      FileLock lock = tryLock(lockFile);
      if (lock == null) {
        throw PackageException.refused(
            "package store " + absolute + ": in use (expected: a directory of its own)");
      }
      PackageStore store = new PackageStore(absolute, options, lockFile, lock);
      lockFile = null;
      return store;
    } catch (IOException unusable) {
      throw PackageException.unavailable(
          "package store "
              + absolute
              + ": "
              + unusable.getClass().getSimpleName()
              + " (expected: a directory that can be written)",
          unusable);
    } finally {
      closeQuietly(lockFile);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException ofThisProcess) {
      return null;
    }
  }

  /**
   * Gives the files of a package, from the cache where they are in it.
   *
   * @param uri file, http or https; its query is in no message
   * @param sha256 64 lower-case hexadecimal digits, of the archive
   * @throws PackageException where the source is not allowed or not reachable, the archive is not
   *     the one named, or is one that must not be unpacked; nothing of it stays
   */
  public UnpackedPackage open(URI uri, String sha256) {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw PackageException.refused(
          "package "
              + PackageSources.shown(uri)
              + ": sha256 \""
              + sha256
              + "\" (expected: 64 lower-case hexadecimal digits)");
    }
    fetch.checkSource(uri);
    String name = PackageSources.shown(uri);
    Object turn = turns[Math.floorMod(sha256.hashCode(), turns.length)];
    Path target = unpacked.resolve(UUID.randomUUID().toString());
    // One at a time for one archive, so that it is fetched once and not removed while it is read.
    synchronized (turn) {
      try {
        return unpack(archive(uri, sha256), name, target);
      } catch (IOException | UncheckedIOException disk) {
        remove(target);
        throw PackageException.unavailable(
            "package " + name + ": " + reason(disk) + " (expected: a disk with room)", disk);
      } catch (RuntimeException failed) {
        remove(target);
        throw failed;
      } finally {
        archives.release(sha256);
      }
    }
  }

  private static String reason(Exception disk) {
    String message = disk.getMessage();
    return message == null ? disk.getClass().getSimpleName() : message;
  }

  private Path archive(URI uri, String sha256) throws IOException {
    Path kept = archives.take(sha256);
    if (kept != null) {
      return kept;
    }
    Path arriving = archives.newArrival();
    try {
      try (FileChannel into =
          FileChannel.open(
              arriving,
              EnumSet.of(CREATE_NEW, WRITE, READ),
              PrivateFiles.permissions("rw-------"))) {
        fetch.fetch(uri, into);
        String found = ArchiveCache.sha256(into);
        if (!found.equals(sha256)) {
          throw PackageException.refused(
              "package "
                  + PackageSources.shown(uri)
                  + ": sha256 is "
                  + found
                  + " (expected: "
                  + sha256
                  + ")");
        }
        into.force(true);
      }
      return archives.keep(arriving, sha256);
    } finally {
      Files.deleteIfExists(arriving);
    }
  }

  private UnpackedPackage unpack(Path archive, String name, Path target) throws IOException {
    try (FileChannel file = FileChannel.open(archive)) {
      ZipDirectory.requireEntries(file, name, options.maxEntries());
    }
    inUse.add(target);
    PrivateFiles.createDirectories(target);
    Unpacking.unpack(archive, name, target, options.maxUnpackedBytes());
    return new UnpackedPackage(target, this);
  }

  void remove(Path directory) {
    if (!inUse.remove(directory)) {
      return;
    }
    try {
      PrivateFiles.deleteTree(directory);
    } catch (IOException busy) {
      // A process may still write there; the next start of the store removes the rest.
    }
  }

  /** Removes what was unpacked and gives the directory free; archives stay for the next one. */
  @Override
  public void close() {
    inUse.forEach(this::remove);
    try {
      lock.release();
    } catch (IOException released) {
      // The channel's end releases it as well.
    }
    closeQuietly(lockFile);
  }

  private static void closeQuietly(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException closed) {
        // There is nothing left to do with it.
      }
    }
  }
}
