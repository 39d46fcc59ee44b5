/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code processOptions} of a {@code worker.config.json}; what the file leaves out has Azure's
 * default.
 *
 * @param count how many processes ({@code processCount} 1 to {@code maxProcessCount} 10)
 * @param startupTimeout until the worker's StartStream; default 60 s
 * @param initializationTimeout until its WorkerInitResponse; default 10 s
 * @param environmentReloadTimeout until its FunctionEnvironmentReloadResponse; default 30 s
 * @param shutdownTimeout from the wish to end until it is killed; default 10 s
 * @param startupInterval between two starts; default 10 s
 * @param restartInterval between an unexpected end and the next start; default 10 s
 */
public record ProcessOptions(
    Count count,
    Duration startupTimeout,
    Duration initializationTimeout,
    Duration environmentReloadTimeout,
    Duration shutdownTimeout,
    Duration startupInterval,
    Duration restartInterval) {

  /**
   * How many processes of one worker Azure's host starts for an app.
   *
   * @param processes at the beginning
   * @param maximum at most
   * @param numberOfCores as many as there are cores, whatever {@code processes} says
   */
  public record Count(int processes, int maximum, boolean numberOfCores) {}

  static ProcessOptions read(Path file, @Nullable ObjectNode node, List<String> unknownKeys) {
    StrictJson json =
        new StrictJson(
            file, "processOptions.", node == null ? JsonNodeFactory.instance.objectNode() : node);
    int processes = json.positive("processCount", 1);
    int maximum = json.positive("maxProcessCount", Math.max(10, processes));
    if (processes > maximum) {
      throw new LaunchException(
          "%s: key \"processOptions.processCount\" is %d (expected: at most maxProcessCount, %d)"
              .formatted(file, processes, maximum));
    }
    ProcessOptions options =
        new ProcessOptions(
            new Count(processes, maximum, json.flag("setProcessCountToNumberOfCpuCores", false)),
            json.duration("processStartupTimeout", Duration.ofSeconds(60)),
            json.duration("initializationTimeout", Duration.ofSeconds(10)),
            json.duration("environmentReloadTimeout", Duration.ofSeconds(30)),
            json.duration("processShutdownTimeout", Duration.ofSeconds(10)),
            json.duration("processStartupInterval", Duration.ofSeconds(10)),
            json.duration("processRestartInterval", Duration.ofSeconds(10)));
    unknownKeys.addAll(json.unknownKeys());
    return options;
  }
}
