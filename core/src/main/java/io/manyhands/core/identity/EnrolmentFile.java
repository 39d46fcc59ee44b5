/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerStack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where enrolment credentials are kept, one a line, without their secrets. Blocks. */
public final class EnrolmentFile {
  private final Optional<Path> file;

  private EnrolmentFile(Optional<Path> file) {
    this.file = file;
  }

  /** In a state directory, which exists. */
  public static EnrolmentFile in(Path directory) {
    return new EnrolmentFile(Optional.of(directory.resolve("enrolments")));
  }

  /** Nothing is kept. */
  public static EnrolmentFile none() {
    return new EnrolmentFile(Optional.empty());
  }

  /**
   * @param secretHash SHA-256, hexadecimal
   */
  record Kept(
      String id, WorkerStack stack, int maximumWorkers, Instant expires, String secretHash) {
    private static Kept parse(String line) {
      String[] parts = line.split("\t", -1);
      if (parts.length != 6 || !parts[5].matches("[0-9a-f]{64}")) {
        throw new IllegalArgumentException(parts.length + " fields");
      }
      return new Kept(
          parts[0],
          new WorkerStack(parts[1], parts[2]),
          Integer.parseInt(parts[3]),
          Instant.parse(parts[4]),
          parts[5]);
    }

    private String line() {
      return String.join(
              "\t",
              id,
              stack.language(),
              stack.version(),
              Integer.toString(maximumWorkers),
              expires.toString(),
              secretHash)
          + "\n";
    }
  }

  List<Kept> read() {
    try {
      return file.isPresent() && Files.exists(file.get())
          ? Files.readAllLines(file.get(), StandardCharsets.UTF_8).stream()
              .map(Kept::parse)
              .toList()
          : List.of();
    } catch (IOException | IllegalArgumentException | DateTimeException | ManyhandsException e) {
      throw unavailable("read", e);
    }
  }

  void write(List<Kept> all) {
    try {
      if (file.isPresent()) {
        PrivateFiles.replace(
            file.get(),
            all.stream()
                .map(Kept::line)
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw unavailable("written", e);
    }
  }

  private ManyhandsException unavailable(String verb, Exception e) {
    return new ManyhandsException(
        ErrorCode.RESOURCE_UNAVAILABLE,
        "enrolments: file " + file.orElseThrow() + " cannot be " + verb + ": " + e.getMessage(),
        e);
  }
}
