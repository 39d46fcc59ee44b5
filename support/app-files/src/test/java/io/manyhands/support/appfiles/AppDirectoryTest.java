/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.appfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.app.RetryPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppDirectoryTest {
  private static final String HTTP =
      "{\"bindings\":[{\"type\":\"httpTrigger\",\"name\":\"req\",\"direction\":\"in\",\"route\":\"x\"}]}";

  @TempDir Path app;

  @Test
  void functionsAreReadAndAMalformedOneFailsAlone() throws IOException {
    write("good/function.json", HTTP);
    write("bad/function.json", "{\"bindings\": 17}");
    write("torn/function.json", "{\"bindings\": [");

    AppDirectory found = AppDirectory.scan(app);

    assertThat(found.functions()).extracting(FunctionJson::name).containsExactly("good");
    assertThat(found.problems()).containsOnlyKeys("bad", "torn");
    assertThat(found.problems().get("bad"))
        .contains("bad")
        .contains("function.json")
        .contains("bindings")
        .contains("17")
        .contains("expected");
  }

  @Test
  void retryPolicyIsReadAndAMalformedOneNamesItsKey() throws IOException {
    write("none/function.json", HTTP);
    write(
        "fixed/function.json",
        retry("\"fixedDelay\",\"maxRetryCount\":-1,\"delayInterval\":\"00:00:10\""));
    write(
        "growing/function.json",
        retry(
            "\"exponentialBackoff\",\"maxRetryCount\":5,\"minimumInterval\":\"00:00:01\","
                + "\"maximumInterval\":\"00:15:00\""));
    write("strategy/function.json", retry("\"often\",\"maxRetryCount\":5"));
    write("count/function.json", retry("\"fixedDelay\",\"maxRetryCount\":\"5\""));
    write("delay/function.json", retry("\"fixedDelay\",\"maxRetryCount\":1"));
    write(
        "order/function.json",
        retry(
            "\"exponentialBackoff\",\"maxRetryCount\":5,\"minimumInterval\":\"00:00:02\","
                + "\"maximumInterval\":\"00:00:01\""));

    AppDirectory found = AppDirectory.scan(app);

    assertThat(found.functions())
        .extracting(FunctionJson::retry)
        .containsExactly(
            Optional.of(RetryPolicy.fixedDelay(RetryPolicy.UNLIMITED, Duration.ofSeconds(10))),
            Optional.of(
                RetryPolicy.exponentialBackoff(5, Duration.ofSeconds(1), Duration.ofMinutes(15))),
            Optional.empty());
    assertThat(found.problems().get("strategy")).contains("retry.strategy").contains("often");
    assertThat(found.problems().get("count")).contains("retry.maxRetryCount").contains("5");
    assertThat(found.problems().get("delay")).contains("retry.delayInterval").contains("null");
    assertThat(found.problems().get("order"))
        .contains("retry.maximumInterval")
        .contains("00:00:01");
  }

  private static String retry(String strategy) {
    return HTTP.replace("{\"bindings\"", "{\"retry\":{\"strategy\":" + strategy + "},\"bindings\"");
  }

  @Test
  void scriptFileMayNotLeadOutOfTheApplication() throws IOException {
    write(
        "f/function.json",
        HTTP.replace("{\"bindings\"", "{\"scriptFile\":\"../../outside.js\",\"bindings\""));

    assertThat(AppDirectory.scan(app).problems().get("f"))
        .contains("scriptFile")
        .contains("../../outside.js");
  }

  @Test
  void linkOutOfTheApplicationIsRefused() throws IOException {
    Path outside = Files.createTempFile("outside", ".txt");
    try {
      Files.createSymbolicLink(app.resolve("link"), outside);
      assertThatThrownBy(() -> AppDirectory.hash(app))
          .isInstanceOf(AppFileException.class)
          .hasMessageContaining("link");
    } finally {
      Files.delete(outside);
    }
  }

  @Test
  void hashChangesWithContentAndNameAlone() throws IOException {
    write("a.txt", "one");
    String first = AppDirectory.hash(app);
    assertThat(AppDirectory.hash(app)).isEqualTo(first);
    write("a.txt", "two");
    assertThat(AppDirectory.hash(app)).isNotEqualTo(first);
  }

  @Test
  void missingDirectoryIsNamed() {
    assertThatThrownBy(() -> AppDirectory.scan(app.resolve("none")))
        .hasMessageContaining("none")
        .hasMessageContaining("not there");
  }

  @Test
  void hostJsonIsReadStrictly() throws IOException {
    write(
        "host.json",
        "{ // comment\n \"version\":\"2.0\",\"functionTimeout\":\"00:02:00\",\"extensions\":{\"http\":{\"routePrefix\":\"\"}}}");
    HostJson host = HostJson.read(app);
    assertThat(host.functionTimeout()).contains(Duration.ofMinutes(2));
    assertThat(host.extensions()).containsKey("http");

    assertThatThrownBy(() -> HostJson.parse("{\"functionTimeout\":\"soon\"}", "host.json"))
        .hasMessageContaining("functionTimeout")
        .hasMessageContaining("soon");
    assertThatThrownBy(() -> HostJson.parse("{\"version\":\"1.0\"}", "host.json"))
        .hasMessageContaining("version");
    assertThatThrownBy(() -> HostJson.parse("{\"a\":1,\"a\":2}", "host.json"))
        .hasMessageContaining("a");
    assertThatThrownBy(() -> HostJson.parse("[".repeat(100_000), "host.json"))
        .isInstanceOf(AppFileException.class);
  }

  private void write(String name, String text) throws IOException {
    Path file = app.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
