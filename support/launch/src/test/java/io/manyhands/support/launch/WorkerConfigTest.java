/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerConfigTest {
  @TempDir Path folder;

  @Test
  void readsAnOfficialNodeFileWithItsStringBoolean() {
    WorkerConfig config =
        read(
            """
            {
              "description": {
                "language": "node",
                "extensions": [".js", ".mjs", ".cjs"],
                "defaultExecutablePath": "node",
                "defaultWorkerPath": "dist/src/nodejsWorker.js",
                "workerIndexing": "true"
              },
              "processOptions": {
                "initializationTimeout": "00:05:00",
                "environmentReloadTimeout": "00:05:00",
                "processShutdownTimeout": "00:01:00"
              }
            }
            """);

    assertThat(config.description().language()).isEqualTo("node");
    assertThat(config.description().extensions()).containsExactly(".js", ".mjs", ".cjs");
    assertThat(config.description().traits().workerIndexing()).isTrue();
    assertThat(config.description().program().directory()).isEqualTo(folder);
    assertThat(config.processOptions().initializationTimeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.processOptions().shutdownTimeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.unknownKeys()).isEmpty();
  }

  @Test
  void workerIsSpecializableUnlessItsFileSaysOtherwise() {
    String file =
        """
        {"description": {"language": "go", "defaultExecutablePath": "app"%s}}
        """;

    assertThat(read(file.formatted("")).description().traits().specializable()).isTrue();
    WorkerConfig dedicated = read(file.formatted(", \"specializable\": false"));
    assertThat(dedicated.description().traits().specializable()).isFalse();
    assertThat(dedicated.unknownKeys()).isEmpty();
  }

  @Test
  void workerDoesNotOutliveItsRuntimeUnlessItsFileSaysSo() {
    String file =
        """
        {"description": {"language": "node", "defaultExecutablePath": "node"%s}}
        """;

    assertThat(read(file.formatted("")).description().traits().resumable()).isFalse();
    WorkerConfig resumable = read(file.formatted(", \"resumable\": \"true\""));
    assertThat(resumable.description().traits().resumable()).isTrue();
    assertThat(resumable.unknownKeys()).isEmpty();
  }

  @Test
  void everyProcessOptionHasItsDefault() {
    ProcessOptions options = read(minimal("")).processOptions();

    assertThat(options)
        .isEqualTo(
            new ProcessOptions(
                new ProcessOptions.Count(1, 10, false),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10)));
  }

  @Test
  void keysAreReadWithoutRegardToCaseAndAByteOrderMarkIsPassedOver() {
    WorkerConfig config =
        read(
            "\uFEFF{\"Description\":{\"Language\":\"powershell\",\"DefaultExecutablePath\":\"dotnet\","
                + "\"DefaultWorkerPath\":\"psworker.dll\"}}");

    assertThat(config.description().language()).isEqualTo("powershell");
    assertThat(config.description().program().workerPath()).isEqualTo("psworker.dll");
  }

  @Test
  void unknownKeysAreReportedNotRefused() {
    WorkerConfig config =
        read(
            "{\"description\":{\"language\":\"x\",\"defaultExecutablePath\":\"x\",\"defaultWorkrPath\":\"y\"},"
                + "\"processOptions\":{\"speed\":1},\"more\":{},\"hostRequirements\":[]}");

    assertThat(config.unknownKeys())
        .containsExactlyInAnyOrder("description.defaultWorkrPath", "processOptions.speed", "more");
  }

  @Test
  void theFirstProfileWhoseConditionsHoldOverridesTheDescription() {
    WorkerConfig config =
        read(
            """
            {
              "description": {"language": "java", "defaultExecutablePath": "java", "arguments": ["-jar"]},
              "profiles": [
                {"profileName": "windows",
                 "conditions": [{"conditionType": "hostProperty", "conditionName": "platform", "conditionExpression": "WINDOWS"}],
                 "description": {"defaultExecutablePath": "java.exe"}},
                {"profileName": "java8",
                 "conditions": [
                   {"conditionType": "environment", "conditionName": "JAVA_VERSION", "conditionExpression": "^(8|1\\\\.8)"},
                   {"conditionType": "hostProperty", "conditionName": "platform", "conditionExpression": "LINUX"}],
                 "description": {"Arguments": ["-noverify", "-jar"]}}
              ]
            }
            """);

    Map<String, String> linux = Map.of("platform", "LINUX");
    assertThat(config.describe(Map.of("JAVA_VERSION", "1.8.0"), linux).program().arguments())
        .containsExactly("-noverify", "-jar");
    assertThat(config.describe(Map.of("JAVA_VERSION", "17"), linux).program().arguments())
        .containsExactly("-jar");
    assertThat(config.describe(Map.of(), linux).program().executable()).isEqualTo("java");
    assertThat(config.describe(Map.of(), Map.of("platform", "WINDOWS")).program().executable())
        .isEqualTo("java.exe");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ | is not valid JSON",
        "[] | expected: a JSON object",
        "{} {} | is not valid JSON",
        "{} | key \"description\" is missing (expected: an object)",
        "{\"description\": 3} | key \"description\" is 3 (expected: an object)",
        "{\"description\": {\"defaultExecutablePath\": \"x\"}} | key \"description.language\" is missing (expected: a non-empty string)",
        "{\"description\": {\"language\": \"\", \"defaultExecutablePath\": \"x\"}} | key \"description.language\" is empty",
        "{\"description\": {\"language\": \"x\"}} | key \"description.defaultExecutablePath\" is missing",
        "{\"description\": {\"language\": \"x\", \"defaultExecutablePath\": [1]}} | key \"description.defaultExecutablePath\" is [1] (expected: a string)",
        "{\"description\": {\"language\": \"x\", \"defaultExecutablePath\": \"x\", \"arguments\": \"-jar\"}} | key \"description.arguments\" is \"-jar\" (expected: an array of strings)",
        "{\"description\": {\"language\": \"x\", \"defaultExecutablePath\": \"x\", \"workerIndexing\": \"maybe\"}} | key \"description.workerIndexing\" is \"maybe\" (expected: true or false)",
        "{\"description\": {\"language\": \"x\", \"Language\": \"y\", \"defaultExecutablePath\": \"x\"}} | key \"description.Language\" is given twice",
        "{\"description\": {\"language\": \"x\", \"defaultExecutablePath\": \"x\", \"sanitizeRuntimeVersionRegex\": \"[\"}} | key \"description.sanitizeRuntimeVersionRegex\" is [ (expected: a regular expression",
        "{\"description\": {\"language\": \"x\", \"defaultExecutablePath\": \"x\"}, \"processOptions\": {\"initializationTimeout\": \"10s\"}} | key \"processOptions.initializationTimeout\" is \"10s\" (expected: a duration as HH:MM:SS)",
        "{\"description\": {\"language\": \"x\", \"defaultExecutablePath\": \"x\"}, \"processOptions\": {\"initializationTimeout\": \"00:61:00\"}} | (expected: a duration as HH:MM:SS)",
        "{\"description\": {\"language\": \"x\", \"defaultExecutablePath\": \"x\"}, \"processOptions\": {\"processCount\": 0}} | key \"processOptions.processCount\" is 0 (expected: a whole number of at least 1)",
        "{\"description\": {\"language\": \"x\", \"defaultExecutablePath\": \"x\"}, \"processOptions\": {\"processCount\": 5, \"maxProcessCount\": 2}} | (expected: at most maxProcessCount, 2)",
        "{\"description\": {\"language\": \"x\", \"defaultExecutablePath\": \"x\"}, \"profiles\": [{\"conditions\": [{\"conditionType\": \"moon\"}]}]} | key \"profiles[0].conditions[0].conditionType\" is \"moon\" (expected: environment or hostProperty)",
      })
  void aBadFileIsRefusedNamingFileKeyValueAndExpectation(String content, String expected) {
    assertThatThrownBy(() -> read(content))
        .isInstanceOf(LaunchException.class)
        .hasMessageStartingWith(folder.resolve(WorkerConfig.FILE_NAME) + ": ")
        .hasMessageContaining(expected);
  }

  @Test
  void aFileThatIsMissingOrTooLargeIsRefused() throws IOException {
    assertThatThrownBy(() -> WorkerConfig.read(folder.resolve("none.json")))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("cannot be read");

    Path large = folder.resolve("large.json");
    Files.write(large, new byte[WorkerConfig.MAX_BYTES + 1]);
    assertThatThrownBy(() -> WorkerConfig.read(large))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("too large");
  }

  private static String minimal(String more) {
    return "{\"description\":{\"language\":\"x\",\"defaultExecutablePath\":\"x\"" + more + "}}";
  }

  private WorkerConfig read(String content) {
    Path file = folder.resolve(WorkerConfig.FILE_NAME);
    try {
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return WorkerConfig.read(file);
  }
}
