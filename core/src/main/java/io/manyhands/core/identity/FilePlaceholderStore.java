/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.core.concurrent.Strand;
import io.manyhands.spi.store.PlaceholderStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal in the state directory: a line for each worker that becomes a placeholder or ceases to
 * be one, written anew when it has grown. A line is with the operating system when {@code remove}
 * completes, which outlives the process but not the machine; so the journal names the boot of the
 * machine, and after another boot nothing is remembered. Of several Runtimes that share the
 * directory one has the journal, and the others remember nothing. Thread-safe; the disk is touched
 * on a strand of the blocking executor.
 */
public final class FilePlaceholderStore implements PlaceholderStore, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FilePlaceholderStore.class);
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final String VERSION = "manyhands-placeholders-1 ";
  private static final int REMEMBERED = 100_000;
  private static final int SPARE_LINES = 10_000;

  private final Path file;
  private final Optional<String> boot;
  private final FileChannel lock;
  private final Strand strand;
  private final Set<String> earlier;

  // On the strand, or before there is one.
  private final Set<String> current;
  private @Nullable FileChannel journal;
  private int lines;

  private FilePlaceholderStore(
      Path file, Optional<String> boot, FileChannel lock, Set<String> known, Strand strand) {
    this.file = file;
    this.boot = boot;
    this.lock = lock;
    this.strand = strand;
    this.earlier = Set.copyOf(known);
    this.current = known;
  }

  /**
   * Opens the journal, and takes it for this Runtime; blocks.
   *
   * @param directory exists
   * @throws ManyhandsException RESOURCE_UNAVAILABLE where it cannot be read or written
   */
  public static PlaceholderStore open(Path directory, Executor blocking) {
    return open(directory, blocking, boot());
  }

  static PlaceholderStore open(Path directory, Executor blocking, Optional<String> boot) {
    Path file = directory.resolve("placeholders");
    try {
      FileChannel lock = PrivateFiles.open(directory.resolve("placeholders.lock"));
      if (!locked(lock)) {
        lock.close();
        LOG.warn(
            "{} is another Runtime's: placeholders of this one will not outlive it", directory);
        return new ForgetfulPlaceholders();
      }
      try {
        FilePlaceholderStore store =
            new FilePlaceholderStore(
                file, boot, lock, read(file, boot), new Strand(blocking, "placeholders"));
        store.rewrite();
        return store;
      } catch (IOException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw unavailable(file, e);
    }
  }

  @Override
  public boolean remembers(WorkerId worker) {
    return earlier.contains(worker.value());
  }

  @Override
  public void add(WorkerId worker) {
    strand.execute(
        () -> {
          current.add(worker.value());
          if (current.size() > REMEMBERED) {
            current.remove(current.iterator().next());
          }
          try {
            append('+', worker);
          } catch (IOException e) {
            LOG.warn("{}: a placeholder will not outlive this Runtime: {}", file, e.toString());
          }
        });
  }

  @Override
  public CompletionStage<Void> remove(WorkerId worker) {
    CompletableFuture<Void> removed = new CompletableFuture<>();
    strand.execute(
        () -> {
          current.remove(worker.value());
          try {
            append('-', worker);
            removed.complete(null);
          } catch (IOException e) {
            forgetAll(e, removed);
          }
        });
    return removed.minimalCompletionStage();
  }

  /**
   * Without the journal nothing is remembered, which is as good; a full disk lets it be removed.
   */
  private void forgetAll(IOException why, CompletableFuture<Void> removed) {
    try {
      shut();
      Files.deleteIfExists(file);
      LOG.warn("{} cannot be written, no placeholder will outlive this Runtime: {}", file, why);
      removed.complete(null);
    } catch (IOException e) {
      e.addSuppressed(why);
      removed.completeExceptionally(unavailable(file, e));
    }
  }

  private void append(char kind, WorkerId worker) throws IOException {
    if (lines > 2 * current.size() + SPARE_LINES) {
      rewrite();
    }
    FileChannel open = journal;
    if (open == null) {
      rewrite();
      return;
    }
    write(open, kind + worker.value() + "\n");
    lines++;
  }

  /** The set as it is, whole under another name first. */
  private void rewrite() throws IOException {
    shut();
    StringBuilder text = new StringBuilder(VERSION).append(boot.orElse("unknown")).append('\n');
    current.forEach(id -> text.append('+').append(id).append('\n'));
    Path draft = file.resolveSibling("placeholders.new");
    Files.deleteIfExists(draft);
    FileChannel open = PrivateFiles.open(draft);
    try {
      write(open, text.toString());
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      open.close();
      throw e;
    }
    journal = open;
    lines = current.size();
  }

  private void shut() throws IOException {
    FileChannel open = journal;
    journal = null;
    if (open != null) {
      open.close();
    }
  }

  /** A last line that a crash cut short is none. */
  private static Set<String> read(Path file, Optional<String> boot) throws IOException {
    Set<String> known = new LinkedHashSet<>();
    if (!Files.exists(file) || boot.isEmpty()) {
      return known;
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    if (lines.isEmpty() || !lines.get(0).equals(VERSION + boot.get())) {
      return known;
    }
    for (String line : lines.subList(1, lines.size())) {
      if (line.startsWith("+")) {
        known.add(line.substring(1));
      } else if (line.startsWith("-")) {
        known.remove(line.substring(1));
      }
    }
    return known;
  }

  private static void write(FileChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static boolean locked(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Empty where the system does not tell: then nothing is ever remembered. */
  private static Optional<String> boot() {
    try {
      return Optional.of(Files.readString(BOOT).strip()).filter(text -> !text.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static ManyhandsException unavailable(Path file, IOException e) {
    return new ManyhandsException(
        ErrorCode.RESOURCE_UNAVAILABLE,
        "state directory: journal " + file + " cannot be read or written: " + e,
        e);
  }

  @Override
  public void close() {
    try {
      shut();
      lock.close();
    } catch (IOException e) {
      LOG.warn("{} cannot be closed: {}", file, e.toString());
    }
  }
}
