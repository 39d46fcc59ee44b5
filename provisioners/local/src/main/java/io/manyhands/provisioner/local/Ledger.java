/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
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
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers on disk which processes were started, so that the next Runtime of the same state directory finds what this one left. A line is forced to disk before its process
 * starts (by its marker) and again with its process id; a worker's id, which is a credential, is not in it. One Runtime at a time holds the lock. Thread-safe; blocks on
 * the disk.
 */
final class Ledger implements AutoCloseable {
  private final FileChannel channel;
  private final FileLock lock;

  private Ledger(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /** What an earlier Runtime left: process trees by the name of their private directory. */
  record Opened(Ledger ledger, Map<String, ProcessTree> left) {}

  static Opened open(Path directory) {
    Path file = directory.resolve("ledger");
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = lock(channel, directory);
      Map<String, ProcessTree> left = parse(Files.readAllLines(file, StandardCharsets.UTF_8));
      channel.position(channel.size());
      return new Opened(new Ledger(channel, lock), left);
    } catch (IOException e) {
      throw new ManyhandsException(ErrorCode.RESOURCE_UNAVAILABLE, "provisioner local: ledger " + file + " cannot be opened: " + e, e);
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
  void starting(LaunchMarker marker) {
    append("starting " + marker.value());
  }

  void started(ProcessTree tree) {
    append("started " + tree.marker().value() + " " + tree.pid() + " " + tree.start() + " " + tree.ownSession());
  }

  void ended(LaunchMarker marker) {
    append("ended " + marker.value());
  }

  @Override
  public synchronized void close() throws IOException {
    lock.release();
    channel.close();
  }

  private synchronized void append(String line) {
    try {
      channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
      channel.force(false);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static FileLock lock(FileChannel channel, Path directory) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE, "provisioner local: state directory " + directory + " is in use by another Runtime (expected: one of its own)");
    }
    return lock;
  }

  /** A torn last line, of a write that a crash cut, has too few words and is passed over: its process had not been started. */
  private static Map<String, ProcessTree> parse(List<String> lines) {
    Map<String, ProcessTree> left = new LinkedHashMap<>();
    for (String line : lines) {
      String[] words = line.split(" ");
      if (words.length < 2 || !words[1].matches("[0-9a-f]{32}")) {
        continue;
      }
      LaunchMarker marker = new LaunchMarker(words[1]);
      if (words[0].equals("starting")) {
        left.put(marker.value(), ProcessTree.of(marker));
      } else if (words[0].equals("started") && words.length == 5) {
        left.put(marker.value(), new ProcessTree(Long.parseLong(words[2]), Long.parseLong(words[3]), marker, Boolean.parseBoolean(words[4])));
      } else if (words[0].equals("ended")) {
        left.remove(marker.value());
      }
    }
    return left;
  }

  private static ManyhandsException unwritable(IOException e) {
    return new ManyhandsException(ErrorCode.RESOURCE_UNAVAILABLE, "provisioner local: its ledger cannot be written: " + e, e);
  }
}
