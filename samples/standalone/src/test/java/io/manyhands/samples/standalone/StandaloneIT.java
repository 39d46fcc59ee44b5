/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The samples that share nothing with this build but its artifacts, and what those hold. */
class StandaloneIT {
  private static final Path TARGET = Path.of("target").toAbsolutePath();

  private static Machine machine;

  @BeforeAll
  static void install() throws IOException {
    machine = Machine.install(TARGET);
  }

  @Test
  void aServiceEmbedsTheRuntimeAndIsDone() throws Exception {
    Path project = Machine.copy("samples/embedded", TARGET);
    Machine.Outcome build = machine.maven(project, "package");
    assertThat(build.exitCode()).as(build.output()).isZero();

    Machine.Outcome run =
        Machine.java(project, "-Xmx256m", "-cp", "target/classes:target/lib/*", "shop.Shop");

    assertThat(run.output()).contains("Hello, world");
    assertThat(run.exitCode()).as(run.output()).isZero();
  }

  @Test
  void aThirdPartysProvisionerFulfilsTheContract() throws Exception {
    Path project = Machine.copy("samples/custom-provisioner", TARGET);

    Machine.Outcome build = machine.maven(project, "package");

    assertThat(build.exitCode()).as(build.output()).isZero();
    assertThat(build.output()).containsPattern("Tests run: [1-9][0-9]+, Failures: 0, Errors: 0");
  }

  @Test
  void aDependencyAgainstTheArrowsBreaksTheBuild() throws Exception {
    assertBreaks("api", "com.google.inject", "guice", "com.google.inject:guice");
    assertBreaks("provisioners/external", "io.manyhands", "manyhands-core", "manyhands-core");
    assertBreaks("triggers/timer", "io.grpc", "grpc-stub", "io.grpc:grpc-stub");
  }

  private static void assertBreaks(
      String module, String planted, String plantedArtifact, String named) throws Exception {
    Path project = Files.createDirectories(TARGET.resolve("planted").resolve(module));
    String pom = Files.readString(Machine.root().resolve(module).resolve("pom.xml"));
    String dependency =
        "<dependency><groupId>%s</groupId><artifactId>%s</artifactId></dependency>"
            .formatted(planted, plantedArtifact);
    String standing =
        pom.replaceFirst("<relativePath>[^<]*</relativePath>", "")
            .replaceFirst("</parent>", "<relativePath/></parent>");
    Files.writeString(
        project.resolve("pom.xml"),
        standing.replaceFirst("<dependencies>", "<dependencies>" + dependency));

    Machine.Outcome build = machine.maven(project, "validate");

    assertThat(build.exitCode()).as(build.output()).isNotZero();
    assertThat(build.output()).contains("may not depend on that").contains(named);
  }

  @Test
  void everyLibraryHasSourcesJavadocLicenceAndAModuleName() throws Exception {
    List<String> libraries =
        Pom.modules(Machine.root().resolve("pom.xml")).stream()
            .filter(module -> !List.of("bom", "benchmarks", "cli").contains(module))
            .filter(module -> !module.startsWith("samples/"))
            .toList();
    assertThat(libraries).hasSizeGreaterThan(10);
    for (String module : libraries) {
      try (JarFile jar = new JarFile(Machine.jar(module, "").toFile())) {
        assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
            .as(module)
            .startsWith("io.manyhands.");
        assertThat(jar.getEntry("META-INF/LICENSE")).as(module).isNotNull();
      }
      for (String more : List.of("-sources", "-javadoc")) {
        assertThat(Machine.jar(module, more)).isRegularFile();
      }
    }
  }

  @Test
  void theReadmeShowsTheVerySample() throws Exception {
    String sample =
        Files.readString(Machine.root().resolve("samples/embedded/src/main/java/shop/Shop.java"));
    String body = sample.substring(sample.indexOf("/** A plain Java service"));
    assertThat(Files.readString(Machine.root().resolve("README.md")))
        .contains("```java\n" + body + "```");
    assertThat(body.lines().count()).as("lines without imports").isLessThanOrEqualTo(40);
  }
}
