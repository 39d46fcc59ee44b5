/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AgentCommandTest {
  @TempDir Path temporary;

  private Path ids;

  @BeforeEach
  void writeIds() throws Exception {
    ids = temporary.resolve("ids");
    Files.writeString(ids, "one token-of-one\n\n two \nthree\n");
  }

  @Test
  void idsGoRoundThePlacesEachWithItsLaunchToken() {
    AgentOptions options = parse(Map.of(), "--worker", "node:20*2", "--worker-ids", ids.toString());

    assertThat(options.workers()).hasSize(2);
    assertThat(options.workers().get(0).version()).isEqualTo("20");
    assertThat(options.workers().get(0).passports())
        .containsExactly(new Passport("one", "token-of-one"), new Passport("three", ""));
    assertThat(options.workers().get(1).passports()).containsExactly(new Passport("two", ""));
  }

  @Test
  void argumentsOfAnyWorkerMakeItServeWhoStartedIt() {
    AgentOptions options =
        parse(
            Map.of("MANYHANDS_CREDENTIAL", "its-token"),
            ("--worker go --host 127.0.0.1 --port 7 --workerId abc --requestId r"
                    + " --grpcMaxMessageLength 2147483647 --functions-uri http://127.0.0.1:7/"
                    + " --functions-worker-id abc --functions-request-id r"
                    + " --functions-grpc-max-message-length 2147483647")
                .split(" "));

    assertThat(options.runtimes())
        .contains(new RuntimeAddress("127.0.0.1", 7, false))
        .doesNotHaveDuplicates();
    assertThat(options.workers().get(0).passports())
        .containsExactly(new Passport("abc", "its-token"));
  }

  @Test
  void commandLineComesBeforeEnvironmentAndThatBeforeTheFile() throws Exception {
    Path file = temporary.resolve("agent.properties");
    Files.writeString(file, "patience=1m\ndrain=2m\nhung-after=3m\n");

    AgentOptions options =
        parse(
            Map.of("MANYHANDS_AGENT_DRAIN", "4m", "MANYHANDS_AGENT_HUNG_AFTER", "5m"),
            "--config",
            file.toString(),
            "--worker",
            "go",
            "--worker-ids",
            ids.toString(),
            "--hung-after",
            "6m");

    assertThat(options.policy().patience()).isEqualTo(Duration.ofMinutes(1));
    assertThat(options.limits().drain()).isEqualTo(Duration.ofMinutes(4));
    assertThat(options.policy().hungAfter()).isEqualTo(Duration.ofMinutes(6));
  }

  @Test
  void enrolmentCredentialIsUsedAgainAndAgain() throws Exception {
    Path credential = temporary.resolve("credential");
    Files.writeString(credential, "of-the-pool\n");

    AgentOptions options =
        parse(Map.of(), "--worker", "go*2", "--credential-file", credential.toString());

    assertThat(options.workers())
        .allSatisfy(
            worker ->
                assertThat(worker.passports()).containsExactly(new Passport("", "of-the-pool")));
    assertThat(options.toString()).doesNotContain("of-the-pool");
  }

  @Test
  void workersInheritNothingThatIsOfTheAgent() {
    AgentOptions options =
        parse(
            Map.of("COLOUR", "red", "MANYHANDS_CREDENTIAL", "secret", "PATH", "/bin"),
            "--worker",
            "go",
            "--workerId",
            "abc",
            "--inherit-env",
            "--env",
            "SHAPE=round");

    assertThat(options.workers().get(0).environment())
        .containsOnlyKeys("COLOUR", "PATH", "SHAPE")
        .containsEntry("SHAPE", "round");
  }

  @Test
  void wrongOptionsSayWhatWasExpected() throws Exception {
    String[] good = {"--worker", "go", "--worker-ids", ids.toString()};
    assertRefused("--worker", "LANGUAGE[:VERSION][*COUNT]", "--worker", "Node 20");
    assertRefused(
        "4 workers have 3 ids",
        "--credential-file",
        "--worker",
        "go*4",
        "--worker-ids",
        ids.toString());
    assertRefused("--restart", "never, on-failure or always", with(good, "--restart", "often"));
    assertRefused("--patience", "10m", with(good, "--patience", "soon"));
    assertRefused("plaintext", "--plaintext", with(good, "--runtime", "http://192.0.2.1:7"));
    assertRefused("ftp://", "https://host:port", with(good, "--runtime", "ftp://here:7"));
    assertRefused("--tls-key", "both or none", with(good, "--tls-cert", ids.toString()));
    assertRefused("--application", "no directory", with(good, "--application", "/nowhere"));
    assertRefused("nowhere", "PEM", with(good, "--tls-ca", "/nowhere"));
    assertRefused("--kept-bytes", "at least 0", with(good, "--kept-bytes", "-1"));
    Path file = temporary.resolve("agent.properties");
    Files.writeString(file, "patients=1m\n");
    assertThatThrownBy(() -> parse(Map.of(), with(good, "--config", file.toString())))
        .hasMessageContainingAll("patients", "expected one of", "patience");
  }

  private void assertRefused(String what, String expected, String... words) {
    assertThatThrownBy(() -> parse(Map.of(), words)).hasMessageContainingAll(what, expected);
  }

  private static String[] with(String[] words, String... more) {
    String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return all;
  }

  private AgentOptions parse(Map<String, String> environment, String... words) {
    AgentCommand command = new AgentCommand();
    CommandLine line = new CommandLine(command).setOverwrittenOptionsAllowed(true);
    line.setDefaultValueProvider(
        OptionDefaults.read(
            List.of(words), environment, Set.of("patience", "drain", "hung-after")));
    line.parseArgs(
        with(new String[] {"--runtime", "http://127.0.0.1:1", "--workers", "/w"}, words));
    return command.options(environment);
  }
}
