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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
 * that cannot be read counts as none, with a warning.
 */
final class FileScheduleStore implements ScheduleStore {
  private static final Logger LOG = LoggerFactory.getLogger(FileScheduleStore.class);

  private final Path directory;

  FileScheduleStore(Path directory) {
    this.directory = directory;
  }

  @Override
  public Optional<ScheduleStatus> read(ApplicationId application, String function) {
    Path file = file(application, function);
    try {
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      return Optional.of(
          new ScheduleStatus(Instant.parse(lines.get(0)), Instant.parse(lines.get(1))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | DateTimeException | IndexOutOfBoundsException e) {
      LOG.warn(
          "timer {}/{}: {} cannot be read, and counts as none: {}",
          application,
          function,
          file,
          e.toString());
      return Optional.empty();
    }
  }

  @Override
  public void write(ApplicationId application, String function, ScheduleStatus status) {
    Path file = file(application, function);
    Path next = file.resolveSibling(file.getFileName() + ".next");
    byte[] text = (status.last() + "\n" + status.next() + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      Files.createDirectories(directory);
      try (FileChannel channel =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(text));
        channel.force(true);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE,
          "timer " + application + "/" + function + ": " + file + " cannot be written: " + e,
          e);
    }
  }

  /** Function names may hold anything: they are written in hexadecimal. */
  private Path file(ApplicationId application, String function) {
    String name =
        HexFormat.of()
            .formatHex(function.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
    return directory.resolve(
        application.value() + "." + (name.length() > 200 ? name.substring(0, 200) : name));
  }
}
