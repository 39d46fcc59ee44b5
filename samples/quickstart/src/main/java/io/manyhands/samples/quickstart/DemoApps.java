/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart;

import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.worker.WorkerStack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Four Java applications of three tenants, and one in each further language that this machine can
 * run.
 */
final class DemoApps {
  private DemoApps() {}

  static List<ApplicationDefinition> all(Path repository, Path marks, Set<String> stacks) {
    Path apps = repository.resolve("samples/apps");
    Path java = apps.resolve("java/target/app");
    List<ApplicationDefinition> all = new ArrayList<>();
    all.add(app("orders", "acme", "manyhands-java", java, marks, "Order received"));
    all.add(app("storefront", "acme", "manyhands-java", java, marks, "Welcome"));
    all.add(app("invoices", "globex", "manyhands-java", java, marks, "Invoice for"));
    all.add(app("inventory", "initech", "manyhands-java", java, marks, "Counted"));
    if (stacks.contains("node")) {
      all.add(app("billing", "globex", "node", apps.resolve("node"), marks, "Bill for"));
    }
    if (stacks.contains("python")) {
      all.add(app("reports", "initech", "python", apps.resolve("python"), marks, "Report for"));
    }
    return all;
  }

  private static ApplicationDefinition app(
      String id, String tenant, String language, Path directory, Path marks, String greeting) {
    return ApplicationDefinition.builder(id)
        .tenant(tenant)
        .stack(WorkerStack.of(language))
        .content(ApplicationContent.directory(directory))
        .setting("GREETING", greeting)
        .setting("APP", id)
        .setting("MARKS", marks.toString())
        .build();
  }
}
