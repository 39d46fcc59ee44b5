/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells when files of an application change. What workers write by themselves and what editors
 * leave beside a file does not count. For one thread, but for {@link #close}.
 */
final class FolderWatch implements AutoCloseable {
  private static final Set<String> UNWATCHED =
      Set.of("node_modules", "__pycache__", "venv", "bin", "obj");
  private static final int MOST_DIRECTORIES = 10_000;

  /** A build or a save writes several files; the change is over when none was for so long. */
  private static final long QUIET_MILLIS = 300;

  private final WatchService service;
  private final Map<WatchKey, Path> directories = new HashMap<>();

  private FolderWatch(WatchService service) {
    this.service = service;
  }

  static FolderWatch of(Path root) throws IOException {
    FolderWatch watch = new FolderWatch(root.getFileSystem().newWatchService());
    try {
      watch.register(root);
      return watch;
    } catch (IOException | RuntimeException failed) {
      watch.close();
      throw failed;
    }
  }

  private void register(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            if (!directory.equals(root) && !counts(directory)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            if (directories.size() >= MOST_DIRECTORIES) {
              throw new CommandException(
                  root
                      + ": more than "
                      + MOST_DIRECTORIES
                      + " directories to watch (expected: fewer, or --no-watch)");
            }
            directories.put(
                directory.register(service, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY), directory);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static boolean counts(Path path) {
    String name = String.valueOf(path.getFileName());
    return !name.startsWith(".")
        && !name.endsWith("~")
        && !name.endsWith(".pyc")
        && !name.endsWith(".swp")
        && !UNWATCHED.contains(name);
  }

  /** Blocks until files changed and have been quiet since; false where the watch was closed. */
  boolean awaitChange() throws InterruptedException {
    try {
      boolean changed = false;
      while (true) {
        WatchKey key = changed ? service.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS) : service.take();
        if (key == null) {
          return true;
        }
        changed |= take(key);
      }
    } catch (ClosedWatchServiceException closed) {
      return false;
    }
  }

  private boolean take(WatchKey key) {
    boolean changed = false;
    Path directory = directories.get(key);
    for (WatchEvent<?> event : key.pollEvents()) {
      changed |= event.kind() == OVERFLOW || changes(directory, event);
    }
    if (!key.reset()) {
      directories.remove(key);
    }
    return changed;
  }

  private boolean changes(@Nullable Path directory, WatchEvent<?> event) {
    if (directory == null || !(event.context() instanceof Path name) || !counts(name)) {
      return false;
    }
    Path path = directory.resolve(name);
    if (event.kind() == ENTRY_CREATE && Files.isDirectory(path)) {
      try {
        register(path);
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
    return true;
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
