/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How an agent runs.
 *
 * @param runtimes at least one, tried in turn
 * @param tls for those with https
 * @param workers at least one
 * @param directories where workers are installed
 * @param searchPath for executables, and the workers' PATH
 * @param workDirectory holds the workers' private directories
 * @param restart when the next worker follows one that ended
 * @param policy for each worker
 * @param limits of the agent
 */
record AgentOptions(
    List<RuntimeAddress> runtimes,
    RuntimeChannels.Tls tls,
    List<Worker> workers,
    List<Path> directories,
    String searchPath,
    Path workDirectory,
    Place.Restart restart,
    AgentContext.Policy policy,
    Limits limits) {

  AgentOptions {
    runtimes = List.copyOf(runtimes);
    workers = List.copyOf(workers);
    directories = List.copyOf(directories);
  }

  /**
   * A place for a worker.
   *
   * @param version empty for the worker's default
   * @param application the directory of the application that it is started for
   * @param passports what its workers present; one that asks for an id is used again and again
   * @param environment beside the base
   */
  record Worker(
      String language,
      String version,
      Optional<Path> application,
      List<Passport> passports,
      java.util.Map<String, String> environment) {
    Worker {
      passports = List.copyOf(passports);
      environment = java.util.Map.copyOf(environment);
    }

    @Override
    public String toString() {
      return "Worker[" + language + "/" + version + "]";
    }
  }

  /**
   * Bounds.
   *
   * @param messageBytes of one message, either way
   * @param drain how long workers may go on when the agent is told to end
   */
  record Limits(int messageBytes, Duration drain) {}
}
