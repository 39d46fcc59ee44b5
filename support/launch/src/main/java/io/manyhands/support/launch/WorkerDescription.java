/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code description} of a {@code worker.config.json}.
 *
 * @param language the stack's name, for instance {@code node}
 * @param extensions file name endings of the functions, for instance {@code .js}
 * @param program what to execute
 * @param versions which language runtime versions it serves
 * @param operatingSystems those supported; empty where the file does not say
 * @param architectures those supported; empty where the file does not say
 * @param traits its switches
 */
public record WorkerDescription(
    String language,
    List<String> extensions,
    WorkerProgram program,
    RuntimeVersions versions,
    List<String> operatingSystems,
    List<String> architectures,
    Traits traits) {

  /**
   * The switches of a description.
   *
   * @param workerIndexing the worker answers FunctionsMetadataRequest itself
   * @param errorsOnlyOnStderr stderr holds nothing but errors
   * @param disabled the worker is not to be used
   * @param specializable a running worker can become an application's; a key of our own, which
   *     Azure's host does not read
   * @param resumable a worker outlives the Runtime that started it and dials in again; likewise
   */
  public record Traits(
      boolean workerIndexing,
      boolean errorsOnlyOnStderr,
      boolean disabled,
      boolean specializable,
      boolean resumable) {}

  public WorkerDescription {
    extensions = List.copyOf(extensions);
    operatingSystems = List.copyOf(operatingSystems);
    architectures = List.copyOf(architectures);
  }

  static WorkerDescription read(
      Path file, String prefix, ObjectNode node, List<String> unknownKeys) {
    StrictJson json = new StrictJson(file, prefix, node);
    String directory = json.text("workerDirectory");
    Path folder = folderOf(file);
    WorkerDescription description =
        new WorkerDescription(
            json.requiredText("language"),
            json.texts("extensions"),
            new WorkerProgram(
                json.requiredText("defaultExecutablePath"),
                emptyToNull(json.text("defaultWorkerPath")),
                directory == null || directory.isBlank() ? folder : folder.resolve(directory),
                json.texts("arguments")),
            new RuntimeVersions(
                json.text("defaultRuntimeName"),
                emptyToNull(json.text("defaultRuntimeVersion")),
                json.texts("supportedRuntimeVersions"),
                json.pattern("sanitizeRuntimeVersionRegex")),
            json.texts("supportedOperatingSystems"),
            json.texts("supportedArchitectures"),
            new Traits(
                json.flag("workerIndexing", false),
                json.flag("useStdErrorStreamForErrorsOnly", false),
                json.flag("isDisabled", false),
                json.flag("specializable", true),
                json.flag("resumable", false)));
    unknownKeys.addAll(json.unknownKeys());
    return description;
  }

  private static Path folderOf(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    if (folder == null) {
      throw new LaunchException("%s: has no parent folder".formatted(file));
    }
    return folder;
  }

  private static @Nullable String emptyToNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }
}
