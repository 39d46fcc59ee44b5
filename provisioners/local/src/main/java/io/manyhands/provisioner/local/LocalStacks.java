/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.support.launch.ProcessOptions;
import io.manyhands.support.launch.WorkerConfig;
import io.manyhands.support.launch.WorkersDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stacks of a workers directory. One whose file is malformed is listed as well, so that a
 * request for it tells what is wrong with the file.
 */
final class LocalStacks {
  private static final Logger LOG = LoggerFactory.getLogger(LocalStacks.class);

  private LocalStacks() {}

  /**
   * @param dedicated languages whose workers are started for one application each, beside those
   *     whose file says so
   */
  static List<StackInfo> of(WorkersDirectory found, Set<String> dedicated) {
    List<StackInfo> stacks = new ArrayList<>();
    for (WorkerConfig config : found.workers().values()) {
      if (!config.unknownKeys().isEmpty()) {
        LOG.warn("{}: unknown keys {} are ignored", config.file(), config.unknownKeys());
      }
      ProcessOptions options = config.processOptions();
      stack(config.description().language(), config.file().toString())
          .ifPresent(
              stack ->
                  stacks.add(
                      new StackInfo(
                          stack,
                          config.description().traits().specializable()
                                  && !dedicated.contains(stack.language())
                              ? StackInfo.Supply.SPECIALIZED
                              : StackInfo.Supply.DEDICATED,
                          Optional.of(options.initializationTimeout()),
                          Optional.of(options.environmentReloadTimeout()))));
    }
    found
        .problems()
        .forEach(
            (language, problem) -> {
              LOG.warn("stack {} cannot be used: {}", language, problem);
              stack(language, problem).ifPresent(stack -> stacks.add(StackInfo.of(stack)));
            });
    return List.copyOf(stacks);
  }

  private static Optional<WorkerStack> stack(String language, String origin) {
    try {
      return Optional.of(WorkerStack.of(language));
    } catch (ManyhandsException e) {
      LOG.warn("{}: language \"{}\" cannot be used: {}", origin, language, e.getMessage());
      return Optional.empty();
    }
  }
}
