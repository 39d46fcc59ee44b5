/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.spi.store.ScheduleStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One small file a function, replaced as a whole: written beside, forced to disk, renamed. A file
 * that is damaged counts as none, with a warning.
 */
final class FileScheduleStore implements ScheduleStore {
  private static final Logger LOG = LoggerFactory.getLogger(FileScheduleStore.class);

  /** More than two moments take. */
  private static final int LONGEST = 256;

  private static final String NEVER = "never";

  private final Path directory;

  FileScheduleStore(Path directory) {
    this.directory = directory;
  }

  @Override
  public Optional<ScheduleStatus> read(ApplicationId application, String function) {
    Path file = file(application, function);
    String text;
    try (InputStream input = Files.newInputStream(file)) {
      text = new String(input.readNBytes(LONGEST), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE,
          "schedule store file: " + file + " cannot be read: " + e,
          e);
    }
    try {
      List<String> lines = text.lines().toList();
      return Optional.of(
          new ScheduleStatus(
              lines.get(0).equals(NEVER)
                  ? Optional.empty()
                  : Optional.of(Instant.parse(lines.get(0))),
              Instant.parse(lines.get(1))));
    } catch (DateTimeException | IndexOutOfBoundsException e) {
      LOG.warn(
          "timer {}/{}: {} is damaged and counts as none (expected: two lines, each a moment such"
              + " as 2026-01-01T00:00:00Z, or never)",
          application,
          function,
          file);
      return Optional.empty();
    }
  }

  @Override
  public synchronized void write(
      ApplicationId application, String function, ScheduleStatus status) {
    Path file = file(application, function);
    Path next = file.resolveSibling(file.getFileName() + ".next");
    ByteBuffer text =
        ByteBuffer.wrap(
            (status.last().map(Instant::toString).orElse(NEVER) + "\n" + status.next() + "\n")
                .getBytes(StandardCharsets.UTF_8));
    try {
      Files.createDirectories(directory);
      try (FileChannel channel =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        while (text.hasRemaining()) {
          channel.write(text);
        }
        channel.force(true);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
        entries.force(true);
      }
    } catch (IOException e) {
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE,
          "schedule store file: "
              + file
              + " cannot be written: "
              + e
              + " (expected: a directory that this process may write to, with room in it)",
          e);
    }
  }

  /** Function names may hold anything: a digest of them may stand in every file system. */
  private Path file(ApplicationId application, String function) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(function.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
      return directory.resolve(application.value() + "." + HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new ManyhandsException(ErrorCode.INTERNAL, "no SHA-256 here", e);
    }
  }
}
