/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.apps;

import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.samples.quickstart.WorkersFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A language whose worker and sample application stand in this repository.
 *
 * @param language as the worker is called
 * @param application the directory of the sample
 */
record Stack(String language, Path application) {
  /** Those that this machine can run; says why others stay out. */
  static List<Stack> present(WorkersFolder folder) throws IOException, InterruptedException {
    folder.assemble();
    folder
        .absent()
        .forEach((stack, why) -> System.out.println("   " + stack + " stays out: " + why));
    Path apps = repository().resolve("samples/apps");
    List<Stack> stacks = new ArrayList<>();
    for (Stack stack :
        List.of(
            new Stack("manyhands-java", apps.resolve("java/target/app")),
            new Stack("node", apps.resolve("node")),
            new Stack("python", apps.resolve("python")))) {
      if (folder.present().contains(stack.language())) {
        stacks.add(stack);
      }
    }
    return stacks;
  }

  /** Where ./bench runs. */
  static Path repository() {
    return Path.of("").toAbsolutePath();
  }

  static WorkersFolder folder() {
    return new WorkersFolder(repository(), repository().resolve("benchmarks/target/workers"));
  }

  WorkerStack workers() {
    return WorkerStack.of(language);
  }

  ApplicationDefinition application(String id) {
    return ApplicationDefinition.builder(id)
        .tenant("bench")
        .stack(workers())
        .content(ApplicationContent.directory(application))
        .build();
  }

  /** Where the sample's function is called. */
  static String path(String id) {
    return "/apps/" + id + "/api/hello/you";
  }
}
