/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Reads what is logged on this thread until it is closed. */
public final class LoggedLines implements AutoCloseable {
  private final List<Line> lines = new ArrayList<>();

  /**
   * A line of the log.
   *
   * @param text level, logger and message
   * @param context the MDC
   */
  public record Line(String text, Map<String, String> context) {}

  private LoggedLines() {}

  public static LoggedLines read() {
    LoggedLines read = new LoggedLines();
    SimulationLogs.readWith(
        new SimulationLogs.Reader() {
          @Override
          public boolean readsAll() {
            return true;
          }

          @Override
          public void onLog(String line, @Nullable Throwable thrown, boolean ownError) {
            Map<String, String> context =
                Objects.requireNonNullElse(MDC.getCopyOfContextMap(), Map.of());
            read.lines.add(new Line(line, context));
          }
        });
    return read;
  }

  /** The lines whose text has that part. */
  public List<Line> with(String part) {
    return lines.stream().filter(line -> line.text().contains(part)).toList();
  }

  @Override
  public void close() {
    SimulationLogs.readWith(null);
  }
}
