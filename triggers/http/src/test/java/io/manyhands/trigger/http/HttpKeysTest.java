/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import static io.manyhands.trigger.http.HttpFixture.function;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.app.AccessKeys;
import io.manyhands.api.invocation.Payload;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may call: function, host and master keys. */
class HttpKeysTest {
  private static final AccessKeys KEYS =
      new AccessKeys(
          Map.of("_master", "master-key", "default", "host-key", "empty", ""),
          Map.of("Guarded", Map.of("default", "guarded-key", "second", "second-key")));

  private final HttpFixture http = new HttpFixture();
  private HttpFixture.App app;

  @BeforeEach
  void deploy() {
    app =
        http.app("shop", definition -> definition.keys(KEYS))
            .run(
                function("open"),
                function("guarded", Map.of("authLevel", "function")),
                function("silent", silent()),
                function("admin", Map.of("authLevel", "ADMIN")));
    app.sink.answering(Payload.text("in"));
  }

  @AfterEach
  void close() throws IOException {
    http.close();
  }

  @ParameterizedTest
  @CsvSource({
    "open, '', 200",
    "open, wrong, 200",
    "guarded, '', 401",
    "guarded, wrong, 401",
    "guarded, guarded-ke, 401",
    "guarded, guarded-key2, 401",
    "guarded, GUARDED-KEY, 401",
    "guarded, guarded-key, 200",
    "guarded, second-key, 200",
    "guarded, host-key, 200",
    "guarded, master-key, 200",
    "silent, '', 401",
    "silent, guarded-key, 401",
    "silent, host-key, 200",
    "admin, '', 401",
    "admin, guarded-key, 401",
    "admin, host-key, 401",
    "admin, master-key, 200",
  })
  void keyOpensWhatItIsFor(String function, String key, int status) throws IOException {
    String target = "/apps/shop/api/" + function;

    assertThat(http.get(target, "X-Functions-Key: " + key).status()).isEqualTo(status);
    assertThat(http.get(target + "?code=" + key).status()).isEqualTo(status);
    assertThat(app.sink.submissions()).hasSize(status == 200 ? 2 : 0);
  }

  @Test
  void refusalSaysNothingOfKeys() throws IOException {
    RawClient.Answer answer = http.get("/apps/shop/api/guarded?code=wrong");

    assertThat(answer.text()).isEqualTo("a valid key is needed");
  }

  @Test
  void keyIsLookedAtBeforeTheBodyIsRead() throws IOException {
    RawClient client =
        http.connect()
            .head(
                "POST /apps/shop/api/guarded HTTP/1.1",
                "Host: x",
                "Content-Length: 1000",
                "Expect: 100-continue");

    assertThat(client.answer().status()).isEqualTo(401);
  }

  @Test
  void keysChangeWhileTheApplicationRuns() throws IOException {
    String target = "/apps/shop/api/guarded?code=";
    app.change(
        definition -> definition.keys(new AccessKeys(Map.of("default", "new-key"), Map.of())));

    assertThat(http.get(target + "host-key").status()).isEqualTo(401);
    assertThat(http.get(target + "guarded-key").status()).isEqualTo(401);
    assertThat(http.get(target + "new-key").status()).isEqualTo(200);
    app.change(definition -> definition.keys(AccessKeys.none()));
    assertThat(http.get(target + "new-key").status()).isEqualTo(401);
    assertThat(http.get(target).status()).isEqualTo(401);
  }

  @Test
  void keysOfOneApplicationOpenNoOther() throws IOException {
    http.app("other").run(function("guarded", Map.of("authLevel", "function")));

    assertThat(http.get("/apps/other/api/guarded?code=host-key").status()).isEqualTo(401);
    assertThat(http.get("/apps/other/api/guarded?code=master-key").status()).isEqualTo(401);
  }

  @Test
  void keysThatTheRuntimeMadeOpenBesideThoseOfTheDefinition() {
    KeyRing ring =
        new KeyRing(
            KEYS,
            new AccessKeys(
                Map.of("ci", "made-host", AccessKeys.MASTER, "made-master"),
                Map.of("guarded", Map.of("default", "made-key"))));
    for (String key : new String[] {"made-key", "made-host", "guarded-key", "host-key"}) {
      assertThat(ring.opens("guarded", RouteSet.Access.FUNCTION, key)).as(key).isTrue();
      assertThat(ring.opens("guarded", RouteSet.Access.ADMIN, key)).as(key).isFalse();
    }
    assertThat(ring.opens("silent", RouteSet.Access.FUNCTION, "made-key")).isFalse();
    assertThat(ring.opens("silent", RouteSet.Access.ADMIN, "made-master")).isTrue();
    assertThat(ring.opens("silent", RouteSet.Access.ADMIN, "master-key")).isTrue();
  }

  @Test
  void keysAreShownByNothing() {
    assertThat(new KeyRing(KEYS).toString()).doesNotContain("-key");
    assertThat(KEYS.toString()).doesNotContain("-key");
    assertThat(app.definition.toString()).doesNotContain("-key");
  }

  /** A function that does not say its level asks for a key. */
  private static Map<String, Object> silent() {
    Map<String, Object> attributes = new java.util.HashMap<>();
    attributes.put("authLevel", null);
    return attributes;
  }
}
