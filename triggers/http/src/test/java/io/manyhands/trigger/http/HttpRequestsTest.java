/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import static io.manyhands.trigger.http.HttpFixture.function;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.Payload;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a function sees of a request. */
class HttpRequestsTest {
  private final HttpFixture http = new HttpFixture();
  private HttpFixture.App app;

  @BeforeEach
  void deploy() {
    app =
        http.app("shop")
            .run(
                function("hello"),
                function("order", "orders/{id:int}/lines/{line?}"),
                function("file", "files/{*rest}"));
    app.sink.answering(Payload.text("done"));
  }

  @AfterEach
  void close() throws IOException {
    http.close();
  }

  @Test
  void urlIsAbsoluteAsTheClientSentIt() throws IOException {
    http.get("/apps/shop/api/files/a%20b/%C3%A9?q=1%202&q#", "Host: example.com:8080");
    http.get("http://example.com:8080/apps/shop/api/hello?x", "Host: example.com:8080");
    http.get("/apps/shop/api/hello", "Host: [::1]:8080");

    assertThat(request(0).url())
        .isEqualTo("http://example.com:8080/apps/shop/api/files/a%20b/%C3%A9?q=1%202&q#");
    assertThat(request(1).url()).isEqualTo("http://example.com:8080/apps/shop/api/hello?x");
    assertThat(request(2).url()).isEqualTo("http://[::1]:8080/apps/shop/api/hello");
  }

  @Test
  void requestOfTheOldProtocolWithoutAHostHasAnAbsoluteUrlToo() throws IOException {
    RawClient client = http.connect().head("GET /apps/shop/api/hello HTTP/1.0");

    assertThat(client.answer().text()).isEqualTo("done");
    assertThat(client.isClosed()).isTrue();
    assertThat(request(0).url())
        .isEqualTo("http://127.0.0.1:" + http.port + "/apps/shop/api/hello");
  }

  @Test
  void routeParametersAreDecodedAndTheRestKeepsItsSlashes() throws IOException {
    http.get("/apps/shop/api/ORDERS/17/lines/caf%C3%A9");
    http.get("/apps/shop/api/orders/17/lines");
    http.get("/apps/shop/api/files/a/b%20c/d+e/");
    http.get("/apps/shop/api/files");

    assertThat(request(0).params()).isEqualTo(Map.of("id", "17", "line", "caf\u00e9"));
    assertThat(request(1).params()).isEqualTo(Map.of("id", "17"));
    assertThat(request(2).params()).isEqualTo(Map.of("rest", "a/b c/d+e"));
    assertThat(request(3).params()).isEqualTo(Map.of("rest", ""));
    assertThat(app.sink.functions()).containsExactly("order", "order", "file", "file");
  }

  @Test
  void severalValuesOfAHeaderOrOfTheQueryAreJoinedWithACommaAndCookiesWithASemicolon()
      throws IOException {
    http.get(
        "/apps/shop/api/hello?a=1&b=x+y&a=2&c&d=%C3%A9&=e&&%zz=%",
        "X-Many: one", "x-many: two, three", "Cookie: a=1", "Cookie: b=2; c=3", "X-Empty:");

    assertThat(request(0).headers())
        .containsEntry("x-many", "one, two, three")
        .containsEntry("cookie", "a=1; b=2; c=3")
        .containsEntry("x-empty", "");
    assertThat(request(0).query())
        .isEqualTo(Map.of("a", "1,2", "b", "x y", "c", "", "d", "\u00e9", "", "e", "%zz", "%"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PURGE"})
  void functionWithoutMethodsTakesAll(String method) throws IOException {
    assertThat(http.request(method, "/apps/shop/api/hello").status()).isEqualTo(200);
    assertThat(request(0).method()).isEqualTo(method);
  }

  @Test
  void bodyArrivesByteForByteHoweverItIsSent() throws IOException {
    byte[] body = new byte[300_000];
    new Random(1).nextBytes(body);

    http.fetch("/apps/shop/api/hello", request -> request.POST(BodyPublishers.ofByteArray(body)));
    http.fetch(
        "/apps/shop/api/hello",
        request -> request.POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body))));

    assertThat(bytes(0)).isEqualTo(ByteBuffer.wrap(body));
    assertThat(bytes(1)).isEqualTo(ByteBuffer.wrap(body));
    assertThat(http.context.measured("bufferedBytes")).isZero();
  }

  @Test
  void noBodyIsNone() throws IOException {
    http.request("POST", "/apps/shop/api/hello", "Content-Length: 0");
    http.request("POST", "/apps/shop/api/hello");
    RawClient client =
        http.connect()
            .head("POST /apps/shop/api/hello HTTP/1.1", "Host: x", "Transfer-Encoding: chunked")
            .send("0\r\n\r\n");
    assertThat(client.answer().status()).isEqualTo(200);

    for (int index = 0; index < 3; index++) {
      assertThat(request(index).body()).isEqualTo(Payload.empty());
    }
  }

  @Test
  void chunksWithExtensionsAndTrailersAreRead() throws IOException {
    RawClient client =
        http.connect()
            .head("POST /apps/shop/api/hello HTTP/1.1", "Host: x", "Transfer-Encoding: chunked")
            .send("4;name=value\r\nbody\r\n")
            .send("2\r\n!!\r\n0\r\nX-Trailer: late\r\n\r\n");

    assertThat(client.answer().status()).isEqualTo(200);
    assertThat(StandardCharsets.UTF_8.decode(bytes(0)).toString()).isEqualTo("body!!");
    assertThat(request(0).headers()).doesNotContainKey("x-trailer");
  }

  @Test
  void clientThatAsksFirstIsToldToGoOn() throws IOException {
    RawClient client =
        http.connect()
            .head(
                "POST /apps/shop/api/hello HTTP/1.1",
                "Host: x",
                "Content-Length: 4",
                "Expect: 100-continue");
    assertThat(client.answer().status()).isEqualTo(100);

    client.send("body");

    assertThat(client.answer().status()).isEqualTo(200);
    assertThat(StandardCharsets.UTF_8.decode(bytes(0)).toString()).isEqualTo("body");
  }

  @Test
  void traceOfTheCallerGoesOnAndWhatIsNoneIsLeftOut() throws IOException {
    String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    http.get("/apps/shop/api/hello", "traceparent: " + parent, "tracestate: a=b");
    http.get("/apps/shop/api/hello", "traceparent: nonsense");

    Invocation traced = app.sink.submissions().get(0).invocation();
    assertThat(traced.trace().orElseThrow().traceParent()).isEqualTo(parent);
    assertThat(traced.trace().orElseThrow().traceState()).isEqualTo("a=b");
    assertThat(app.sink.submissions().get(1).invocation().trace()).isEmpty();
  }

  @Test
  void requestsOneAfterTheOtherOnOneConnectionAreAnsweredInOrder() throws IOException {
    app.sink.answering(
        submission ->
            submission.succeed(
                Payload.text(
                    ((Payload.HttpRequest) submission.invocation().payload()).query().get("n"))));
    RawClient client = http.connect();
    StringBuilder all = new StringBuilder();
    for (int n = 0; n < 20; n++) {
      all.append("GET /apps/shop/api/hello?n=").append(n).append(" HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    client.send(all.toString());

    for (int n = 0; n < 20; n++) {
      assertThat(client.answer().text()).isEqualTo(Integer.toString(n));
    }
  }

  private Payload.HttpRequest request(int index) {
    return (Payload.HttpRequest) app.sink.submissions().get(index).invocation().payload();
  }

  private ByteBuffer bytes(int index) {
    return ((Payload.Binary) request(index).body()).value();
  }
}
