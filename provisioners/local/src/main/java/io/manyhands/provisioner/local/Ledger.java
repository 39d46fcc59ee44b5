/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.support.launch.LaunchMarker;
import io.manyhands.support.launch.ProcessTree;
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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers on disk which processes were started, so that the next Runtime of the same directory
 * finds what this one left. A line is forced to disk before a process starts (its marker) and after
 * (its id and start time); a worker's id is a credential, so only its hash is in it. The lines of
 * ended workers are dropped from time to time. One Runtime at a time holds the lock. Thread-safe;
 * blocks on the disk.
 */
final class Ledger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
  private static final int ENDED_BEFORE_REWRITE = 1_000;
  private static final int MAX_BYTES = 64 * 1024 * 1024;
  private static final Pattern MARKER = Pattern.compile("[0-9a-f]{32}");

  private final Path file;
  private final FileChannel lockChannel;
  private final Map<String, List<String>> live = new LinkedHashMap<>();
  private FileChannel channel;
  private int ended;

  private Ledger(Path file, FileLock lock, FileChannel channel) {
    this.file = file;
    this.lockChannel = lock.channel();
    this.channel = channel;
  }

  /**
   * An open ledger.
   *
   * @param ledger the ledger, still with its old lines until {@link #clear}
   * @param left process trees that an earlier Runtime may have left
   */
  record Opened(Ledger ledger, Collection<ProcessTree> left) {}

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
        return new Opened(new Ledger(file, lock, channel), parse(lines).values());
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

  /** Nothing of an earlier Runtime is left: begins anew. */
  synchronized void clear() {
    try {
      channel.truncate(0);
      channel.force(true);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** About to start a process with that marker. */
  void starting(LaunchMarker marker, WorkerId worker) {
    append(marker, "starting %s %s".formatted(marker.value(), hash(worker)));
  }

  void started(ProcessTree tree) {
    append(
        tree.marker(),
        "started %s %d %d %s %s"
            .formatted(
                tree.marker().value(),
                tree.pid(),
                tree.start(),
                tree.ownSession(),
                ProcessTree.bootId()));
  }

  synchronized void ended(LaunchMarker marker) {
    if (live.remove(marker.value()) == null) {
      return;
    }
    try {
      write("ended " + marker.value());
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

  private synchronized void append(LaunchMarker marker, String line) {
    try {
      write(line);
      live.computeIfAbsent(marker.value(), key -> new ArrayList<>(2)).add(line);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private void write(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII));
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

  /** A line that a crash cut is passed over: what it would have told, the line before tells too. */
  static Map<String, ProcessTree> parse(List<String> lines) {
    Map<String, ProcessTree> left = new LinkedHashMap<>();
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      if (words.length < 2 || !MARKER.matcher(words[1]).matches()) {
        continue;
      }
      LaunchMarker marker = new LaunchMarker(words[1]);
      if (words[0].equals("starting")) {
        left.put(marker.value(), ProcessTree.of(marker));
      } else if (words[0].equals("started") && words.length == 6) {
        if (!words[5].equals(ProcessTree.bootId())) {
          // The machine has been started anew since: ids and start times mean others now.
          left.remove(marker.value());
          continue;
        }
        try {
          left.put(
              marker.value(),
              new ProcessTree(
                  Long.parseLong(words[2]),
                  Long.parseLong(words[3]),
                  marker,
                  words[4].equals("true")));
        } catch (NumberFormatException e) {
          LOG.debug("a line of the ledger is damaged", e);
        }
      } else if (words[0].equals("ended")) {
        left.remove(marker.value());
      }
    }
    return left;
  }

  private static String hash(WorkerId worker) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(worker.value().getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private ManyhandsException unwritable(IOException e) {
    return new ManyhandsException(
        ErrorCode.RESOURCE_UNAVAILABLE,
        "provisioner local: ledger %s cannot be written: %s".formatted(file, e),
        e);
  }
}
