/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.manyhands.support.launch.ProcessOptions;
import io.manyhands.support.launch.WorkerCommand;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What is started for one place of the agent.
 *
 * @param language of its worker.config.json
 * @param command the program
 * @param timing of its worker.config.json
 * @param application the directory of the application that it is started for; empty starts a
 *     placeholder
 * @param environment beside the base; values never appear in toString
 */
record WorkerPlan(
    String language,
    WorkerCommand command,
    ProcessOptions timing,
    Optional<Path> application,
    Map<String, String> environment) {
  WorkerPlan {
    environment = Map.copyOf(environment);
  }

  LinkIdentity.WorkerKind kind() {
    String version = command.version();
    return new LinkIdentity.WorkerKind(language, version == null ? "" : version);
  }

  @Override
  public String toString() {
    return "WorkerPlan[" + language + "]";
  }
}
