/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.manyhands.support.launch.LaunchException;
import io.manyhands.support.launch.LaunchMarker;
import io.manyhands.support.launch.ProcessSupervisor;
import io.manyhands.support.launch.ProcessTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Directories of workers: home, temporary and working directory each, mode 0700, removed with the
 * worker. They are named by launch markers, so that an agent finds and ends what one that was
 * killed has left: a lock shows which agents live. Thread-safe; blocks on the disk.
 */
final class PrivateDirectories implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PrivateDirectories.class);
  private static final String PREFIX = "agent-";
  private static final Pattern MARKER = Pattern.compile("[0-9a-f]{32}");
  private static final long ORPHANS_SECONDS = 20;
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");

  private final Path own;
  private final FileChannel lockFile;

  /** Those of one worker. */
  record Home(Path root, LaunchMarker marker) {
    Path home() {
      return root.resolve("home");
    }

    Path temporary() {
      return root.resolve("tmp");
    }

    Path work() {
      return root.resolve("work");
    }
  }

  /**
   * Ends what agents that were killed have left in the parent directory, and makes one for this
   * agent.
   *
   * @throws LaunchException where it cannot be made
   */
  PrivateDirectories(Path parent, ProcessSupervisor supervisor) {
    try {
      Files.createDirectories(parent);
      sweep(parent, supervisor);
      own = parent.resolve(PREFIX + LaunchMarker.random().value());
      make(own);
      lockFile = openLock(own);
      if (lock(lockFile) == null) {
        throw new IOException("its lock is taken");
      }
    } catch (IOException e) {
      throw new LaunchException(
          "directory %s cannot be used (%s; expected: one where the agent can write)"
              .formatted(parent, e),
          e);
    }
  }

  Home create() {
    LaunchMarker marker = LaunchMarker.random();
    Home home = new Home(own.resolve(marker.value()), marker);
    try {
      for (Path part : List.of(home.root(), home.home(), home.temporary(), home.work())) {
        make(part);
      }
    } catch (IOException e) {
      throw new LaunchException("directory %s cannot be made (%s)".formatted(home.root(), e), e);
    }
    return home;
  }

  void delete(Home home) {
    delete(home.root());
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      LOG.debug("lock of {} cannot be closed", own, e);
    }
    delete(own);
  }

  private static void make(Path directory) throws IOException {
    Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER));
  }

  private static FileChannel openLock(Path directory) throws IOException {
    return FileChannel.open(
        directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static @Nullable FileLock lock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      // Another agent of this JVM.
      return null;
    }
  }

  private static void sweep(Path parent, ProcessSupervisor supervisor) throws IOException {
    try (DirectoryStream<Path> agents = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path left : agents) {
        try (FileChannel file = openLock(left)) {
          if (lock(file) != null) {
            endOrphans(left, supervisor);
            delete(left);
          }
        } catch (IOException e) {
          LOG.warn("directory {} of an earlier agent cannot be cleared: {}", left, e.toString());
        }
      }
    }
  }

  private static void endOrphans(Path left, ProcessSupervisor supervisor) throws IOException {
    List<ProcessTree> trees = new ArrayList<>();
    try (DirectoryStream<Path> workers = Files.newDirectoryStream(left)) {
      for (Path worker : workers) {
        String name = worker.getFileName().toString();
        if (MARKER.matcher(name).matches()) {
          trees.add(ProcessTree.of(new LaunchMarker(name)));
        }
      }
    }
    try {
      List<Long> survivors = supervisor.killOrphans(trees).get(ORPHANS_SECONDS, TimeUnit.SECONDS);
      if (!survivors.isEmpty()) {
        LOG.warn("processes {} of an earlier agent could not be ended", survivors);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("workers of an earlier agent were not ended in time", e);
    }
  }

  /** Removes everything, following no link; what cannot be removed is said and left. */
  private static void delete(Path root) {
    if (Files.notExists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<IOException> failures = new ArrayList<>();
    try {
      Files.walkFileTree(root, new Deletion(failures));
    } catch (IOException e) {
      failures.add(e);
    }
    if (!failures.isEmpty()) {
      LOG.warn("directory {} cannot be removed: {}", root, failures.get(0).toString());
    }
  }

  /** Goes on after a failure, and into directories that a worker closed to itself. */
  private static final class Deletion extends SimpleFileVisitor<Path> {
    private final List<IOException> failures;

    Deletion(List<IOException> failures) {
      this.failures = failures;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      remove(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) && !Files.isReadable(file)) {
        Files.setPosixFilePermissions(file, OWNER);
        Files.walkFileTree(file, this);
      } else {
        failures.add(e);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException error) {
      remove(directory);
      return FileVisitResult.CONTINUE;
    }

    private void remove(Path path) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        failures.add(e);
      }
    }
  }
}
