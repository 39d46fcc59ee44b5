/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Holds the arrows of docs/architecture.md, and shows that each would be missed: a planted break is
 * found.
 */
class ArrowsTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.manyhands");

  private static final List<String> SHARED = List.of("concurrent", "limits", "logs", "metrics");

  /** What each room may import beside the shared ones. */
  private static final Map<String, List<String>> ROOMS =
      Map.ofEntries(
          Map.entry("identity", List.of()),
          Map.entry("session", List.of("identity")),
          Map.entry("registry", List.of("session", "identity")),
          Map.entry("placement", List.of("registry", "session", "identity")),
          Map.entry("routing", List.of("placement", "registry", "session", "identity")),
          Map.entry("functions", List.of("session")),
          Map.entry("jobhost", List.of("functions", "routing", "placement", "session")),
          Map.entry("health", List.of()),
          Map.entry("plugin", List.of()),
          Map.entry("concurrent", List.of()),
          Map.entry("limits", List.of()),
          Map.entry("metrics", List.of()),
          Map.entry("logs", List.of()));

  @TestFactory
  Stream<DynamicTest> arrowsHold() {
    return rules("io.manyhands.").stream()
        .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(MAIN)));
  }

  @Test
  void plantedBreaksAreFound() {
    JavaClasses planted =
        new ClassFileImporter().importPackages("io.manyhands.architecture.planted");
    List<String> silent = new ArrayList<>();
    for (ArchRule rule : rules("io.manyhands.architecture.planted.")) {
      boolean isPlanted =
          rule.getDescription().contains("planted.api")
              || rule.getDescription().contains("core.session ")
              || rule.getDescription().contains("clocks");
      if (isPlanted && !rule.evaluate(planted).hasViolation()) {
        silent.add(rule.getDescription());
      }
    }
    assertThat(silent).isEmpty();
  }

  /** The rules, over classes below a root: the real ones, or planted ones. */
  private static List<ArchRule> rules(String root) {
    List<ArchRule> rules = new ArrayList<>();
    rules.add(
        forbids(
            root,
            "api",
            "spi..",
            "core..",
            "support..",
            "transport..",
            "provisioner..",
            "trigger..",
            "testkit.."));
    rules.add(
        forbids(
            root,
            "spi",
            "core..",
            "support..",
            "transport..",
            "provisioner..",
            "trigger..",
            "testkit.."));
    rules.add(forbids(root, "core", "transport..", "provisioner..", "trigger..", "testkit.."));
    for (String plugin : List.of("transport", "provisioner", "trigger")) {
      List<String> others =
          Stream.of("transport..", "provisioner..", "trigger..", "core..", "testkit..")
              .filter(other -> !other.startsWith(plugin))
              .toList();
      rules.add(forbids(root, plugin, others.toArray(String[]::new)));
    }
    ROOMS.forEach(
        (room, allowed) -> {
          String[] forbidden =
              ROOMS.keySet().stream()
                  .filter(other -> !other.equals(room) && !allowed.contains(other))
                  .filter(other -> !SHARED.contains(other))
                  .map(other -> "core." + other + "..")
                  .toArray(String[]::new);
          rules.add(forbids(root, "core." + room, forbidden));
        });
    rules.add(
        noClasses()
            .that()
            .resideInAnyPackage(root + "core..", root + "api..", root + "spi..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.grpc..", "com.google.protobuf..")
            .allowEmptyShould(true)
            .as("no gRPC and no protobuf in core, api, spi below " + root));
    rules.add(
        noClasses()
            .that()
            .resideInAPackage(root + "core..")
            .and()
            .resideOutsideOfPackage(root + "core.concurrent..")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(java.util.Random.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Process.class)
            .allowEmptyShould(true)
            .as("no clocks, sleeps, randomness or processes in core below " + root));
    return rules;
  }

  private static ArchRule forbids(String root, String from, String... to) {
    String[] packages = Stream.of(to).map(name -> root + name).toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(root + from + "..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(packages))
        .allowEmptyShould(true)
        .as(root + from + " imports none of " + String.join(", ", to));
  }
}
