/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.support.launch.LaunchMarker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers on disk which processes were started, so that the next Runtime of the same directory
 * finds what this one left. A line is forced to disk before a process starts (its marker) and after
 * (its id and start time). A stock worker's id is all its credential, so only its hash is in it;
 * the id of one that can come back, which needs a signed token for that, is in clear. The lines of
 * ended workers are dropped from time to time. One Runtime at a time holds the lock. Thread-safe;
 * blocks on the disk.
 */
final class Ledger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
  private static final int ENDED_BEFORE_REWRITE = 1_000;
  private static final int MAX_BYTES = 64 * 1024 * 1024;

  private final Path file;
  private final FileChannel lockChannel;
  private final Map<String, List<String>> live = new LinkedHashMap<>();
  private FileChannel channel;
  private int ended;

  private Ledger(Path file, FileLock lock, FileChannel channel, List<String> lines) {
    this.file = file;
    this.lockChannel = lock.channel();
    this.channel = channel;
    for (String line : lines) {
      String marker = LedgerEntry.markerOf(line);
      if (marker != null) {
        live.computeIfAbsent(marker, key -> new ArrayList<>(3)).add(line);
      }
    }
  }

  /**
   * An open ledger.
   *
   * @param ledger the ledger, still with all its old lines until {@link #retain}
   * @param left what an earlier Runtime may have left
   */
  record Opened(Ledger ledger, Collection<LedgerEntry> left) {}

  static Opened open(Path directory) {
    Path file = directory.resolve("ledger");
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      FileLock lock = lock(directory);
      try {
        FileChannel channel = append(file);
        if (channel.size() > MAX_BYTES) {
          throw new IOException("it has more than " + MAX_BYTES + " bytes");
        }
        // A torn line may hold anything; ISO 8859-1 decodes it all.
        List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        return new Opened(
            new Ledger(file, lock, channel, lines), LedgerEntry.parse(lines).values());
      } catch (IOException e) {
        lock.channel().close();
        throw e;
      }
    } catch (IOException e) {
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE,
          "provisioner local: ledger %s cannot be opened: %s".formatted(file, e),
          e);
    }
  }

  /** Of an earlier Runtime only those are left. */
  synchronized void retain(Set<LaunchMarker> markers) {
    live.keySet().removeIf(marker -> !markers.contains(new LaunchMarker(marker)));
    try {
      rewrite();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** About to start a process with that marker. */
  void starting(LaunchMarker marker, WorkerId worker) {
    append(marker, List.of(LedgerEntry.starting(marker, worker)));
  }

  void started(LedgerEntry entry) {
    LaunchMarker marker = entry.tree().marker();
    List<String> lines = new ArrayList<>(List.of(LedgerEntry.started(entry.tree())));
    entry.comeback().ifPresent(back -> lines.add(LedgerEntry.resumable(marker, back)));
    append(marker, lines);
  }

  synchronized void ended(LaunchMarker marker) {
    if (live.remove(marker.value()) == null) {
      return;
    }
    try {
      write(List.of(LedgerEntry.ended(marker)));
      if (++ended >= ENDED_BEFORE_REWRITE) {
        rewrite();
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public synchronized void close() {
    // The lock goes with its channel.
    try (lockChannel;
        FileChannel written = channel) {
      written.force(false);
    } catch (IOException e) {
      LOG.warn("ledger {} cannot be closed: {}", file, e.toString());
    }
  }

  private synchronized void append(LaunchMarker marker, List<String> lines) {
    try {
      write(lines);
      live.computeIfAbsent(marker.value(), key -> new ArrayList<>(3)).addAll(lines);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private void write(List<String> lines) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(false);
  }

  /** Keeps the lines of live workers only; a crash leaves either the old or the new file. */
  private void rewrite() throws IOException {
    Path fresh = file.resolveSibling("ledger.new");
    List<String> lines = live.values().stream().flatMap(List::stream).toList();
    Files.write(fresh, lines, StandardCharsets.US_ASCII);
    try (FileChannel written = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    FileChannel old = channel;
    channel = append(file);
    ended = 0;
    old.close();
  }

  private static FileChannel append(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static FileLock lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE,
          ("provisioner local: directory %s is in use by another Runtime"
                  + " (expected: a state directory of its own)")
              .formatted(directory));
    }
    return lock;
  }

  private ManyhandsException unwritable(IOException e) {
    return new ManyhandsException(
        ErrorCode.RESOURCE_UNAVAILABLE,
        "provisioner local: ledger %s cannot be written: %s".formatted(file, e),
        e);
  }
}
