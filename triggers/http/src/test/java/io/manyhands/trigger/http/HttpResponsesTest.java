/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import static io.manyhands.trigger.http.HttpFixture.function;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.invocation.Payload;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sees of a function's answer. */
class HttpResponsesTest {
  private static final String HELLO = "/apps/shop/api/hello";

  private final HttpFixture http = new HttpFixture();
  private HttpFixture.App app;

  @BeforeEach
  void deploy() {
    app = http.shop();
  }

  @AfterEach
  void close() throws IOException {
    http.close();
  }

  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of(Payload.text("caf\u00e9"), 200, "caf\u00e9", "text/plain; charset=utf-8"),
        Arguments.of(Payload.json("{}"), 200, "{}", "application/json; charset=utf-8"),
        Arguments.of(Payload.bytes(new byte[] {65, 66}), 200, "AB", "application/octet-stream"),
        Arguments.of(
            new Payload.Stream(ByteBuffer.wrap(new byte[] {67})),
            200,
            "C",
            "application/octet-stream"),
        Arguments.of(new Payload.Whole(7), 200, "7", "text/plain; charset=utf-8"),
        Arguments.of(new Payload.Real(0.5), 200, "0.5", "text/plain; charset=utf-8"),
        Arguments.of(Payload.text(""), 200, "", ""),
        Arguments.of(Payload.empty(), 204, "", ""),
        Arguments.of(Payload.HttpResponse.of(0, "x"), 200, "x", "text/plain; charset=utf-8"),
        Arguments.of(http(0, Map.of(), Payload.empty()), 204, "", ""),
        Arguments.of(Payload.HttpResponse.of(404, "no"), 404, "no", "text/plain; charset=utf-8"),
        Arguments.of(
            http(201, Map.of("content-type", "image/png"), Payload.bytes(new byte[] {1})),
            201,
            "\u0001",
            "image/png"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void valueBecomesAnAnswerOfItsType(Payload value, int status, String body, String type)
      throws IOException {
    app.sink.answering(value);

    RawClient.Answer answer = http.get(HELLO);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).isEqualTo(body);
    assertThat(answer.has("Content-Type") ? answer.header("Content-Type") : "").isEqualTo(type);
    assertThat(answer.header("x-manyhands-invocation")).isEqualTo("invocation-1");
    assertThat(answer.has("Date")).isTrue();
    assertThat(answer.has("Server")).isFalse();
  }

  @Test
  void answerMayStandInTheOutputBinding() throws IOException {
    app.sink.answering(
        submission ->
            submission.succeed(
                Payload.empty(), Map.of("res", Payload.HttpResponse.of(202, "output"))));

    RawClient.Answer answer = http.get(HELLO);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.text()).isEqualTo("output");
  }

  @Test
  void headersGoThroughButForThoseOfTheConnection() throws IOException {
    app.sink.answering(
        http(
            200,
            Map.of(
                "X-Own", "value",
                "content-length", "9999",
                "Transfer-Encoding", "chunked",
                "Connection", "upgrade",
                "Upgrade", "websocket"),
            Payload.text("body")));

    RawClient.Answer answer = http.get(HELLO);

    assertThat(answer.header("X-Own")).isEqualTo("value");
    assertThat(answer.header("Content-Length")).isEqualTo("4");
    assertThat(answer.has("Transfer-Encoding")).isFalse();
    assertThat(answer.has("Upgrade")).isFalse();
    assertThat(answer.text()).isEqualTo("body");
  }

  static List<Payload> malformed() {
    return List.of(
        http(200, Map.of("X-Split", "a\r\nSet-Cookie: stolen=1"), Payload.text("x")),
        http(200, Map.of("X\r\nSet-Cookie: stolen", "1"), Payload.text("x")),
        http(200, Map.of("X Y", "1"), Payload.text("x")),
        http(200, Map.of("", "1"), Payload.text("x")),
        http(200, Map.of("X-Null", "a\u0000b"), Payload.text("x")),
        http(101, Map.of(), Payload.text("x")),
        http(100, Map.of(), Payload.empty()),
        http(600, Map.of(), Payload.empty()),
        cookies(new Payload.Cookie("a;b", "1", List.of())),
        cookies(new Payload.Cookie("", "1", List.of())),
        cookies(new Payload.Cookie("a", "1", List.of("Path=/; Domain=other"))),
        cookies(new Payload.Cookie("a", "1", List.of("Path=/\r\nX-Own: y"))));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void answerThatCannotBeSentIsReplacedBy500(Payload answer) throws IOException {
    app.sink.answering(answer);
    RawClient client = http.connect().head("GET " + HELLO + " HTTP/1.1", "Host: x");

    RawClient.Answer replaced = client.answer();

    assertThat(replaced.status()).isEqualTo(500);
    assertThat(replaced.text()).isEqualTo("the function's answer is malformed");
    assertThat(replaced.has("Set-Cookie")).isFalse();
    assertThat(replaced.has("X-Own")).isFalse();
    app.sink.answering(Payload.text("next"));
    assertThat(client.head("GET " + HELLO + " HTTP/1.1", "Host: x").answer().text())
        .isEqualTo("next");
  }

  @Test
  void cookiesAreSetWithAllTheirAttributes() throws IOException {
    app.sink.answering(
        cookies(
            new Payload.Cookie(
                "session",
                "abc",
                List.of("Domain=example.com", "Path=/", "Max-Age=60", "Secure", "HttpOnly")),
            new Payload.Cookie("second", "b=c", List.of("SameSite=Lax")),
            new Payload.Cookie("odd", "a b;c,\"\u00e9%", List.of())));

    assertThat(http.get(HELLO).headers().get("set-cookie"))
        .containsExactly(
            "session=abc; Domain=example.com; Path=/; Max-Age=60; Secure; HttpOnly",
            "second=b=c; SameSite=Lax",
            "odd=a%20b%3Bc%2C%22%C3%A9%");
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void bodyOfAnAnswerThatHasNoneIsLeftOut(int status) throws IOException {
    app.sink.answering(Payload.HttpResponse.of(status, "body"));
    RawClient client = http.connect();
    for (int times = 0; times < 2; times++) {
      client.head("GET " + HELLO + " HTTP/1.1", "Host: x");
      assertThat(client.answer().status()).isEqualTo(status);
    }
  }

  @Test
  void answerToHeadHasTheLengthAndNoBody() throws IOException {
    app.sink.answering(Payload.text("body"));
    RawClient client = http.connect();
    for (int times = 0; times < 2; times++) {
      client.head("HEAD " + HELLO + " HTTP/1.1", "Host: x");
      RawClient.Answer answer = client.answer(true);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Content-Length")).isEqualTo("4");
    }
  }

  @Test
  void largeAnswerArrivesByteForByte() {
    byte[] body = new byte[5_000_000];
    new Random(2).nextBytes(body);
    app.sink.answering(Payload.bytes(body));

    HttpResponse<byte[]> answer = http.fetch(HELLO, request -> request);

    assertThat(answer.body()).isEqualTo(body);
  }

  @Test
  void headersOfHostJsonAreAddedToEachAnswer() throws IOException {
    HttpFixture.App other =
        http.app(
                "other",
                definition ->
                    definition
                        .hostJson("customHeaders", Map.of("X-House", "rules", "X-Own", "house"))
                        .hostJson("routePrefix", "v1"))
            .run(function("hello"));
    other.sink.answering(http(200, Map.of("x-own", "function"), Payload.text("x")));

    RawClient.Answer answer = http.get("/apps/other/v1/hello");

    assertThat(answer.header("X-House")).isEqualTo("rules");
    assertThat(answer.header("X-Own")).isEqualTo("function");
  }

  @Test
  void strictTransportIsSaidOverHttpsAlone() throws IOException {
    try (HttpFixture behindProxy = new HttpFixture(Map.of("trustedProxies", "127.0.0.0/8"))) {
      Map<String, Object> hsts = new HashMap<>(Map.of("isEnabled", true, "maxAge", "10"));
      hsts.put("includeSubDomains", true);
      HttpFixture.App strict =
          behindProxy
              .app("shop", definition -> definition.hostJson("hsts", hsts))
              .run(function("hello"));
      strict.sink.answering(Payload.text("x"));

      assertThat(
              behindProxy
                  .get(HELLO, "X-Forwarded-Proto: https")
                  .header("Strict-Transport-Security"))
          .isEqualTo("max-age=864000; includeSubDomains");
      assertThat(behindProxy.get(HELLO).has("Strict-Transport-Security")).isFalse();
    }
  }

  private static Payload http(int status, Map<String, String> headers, Payload body) {
    return new Payload.HttpResponse(status, headers, List.of(), body, false);
  }

  private static Payload cookies(Payload.Cookie... cookies) {
    return new Payload.HttpResponse(200, Map.of(), List.of(cookies), Payload.text("x"), false);
  }
}
