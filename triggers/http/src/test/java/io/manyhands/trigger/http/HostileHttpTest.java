/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import static io.manyhands.trigger.http.HttpFixture.function;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.invocation.Payload;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that mean harm end in a short refusal, reach no function, and leave nothing behind. */
class HostileHttpTest {
  private static final String POST = "POST /apps/shop/api/hello HTTP/1.1\r\nHost: x\r\n";
  private static final String GET = "GET /apps/shop/api/hello HTTP/1.1\r\n";

  private final HttpFixture http =
      new HttpFixture(
          Map.of(
              "maximumBodyBytes", "1000",
              "maximumBufferedBytes", "1500",
              "maximumHeaderBytes", "2048",
              "headTimeout", "150ms",
              "bodyTimeout", "150ms"));
  private HttpFixture.App app;

  @BeforeEach
  void deploy() {
    app = http.app("shop").run(function("hello"), function("all", "files/{*rest}"));
    app.sink.answering(Payload.text("reached"));
  }

  @AfterEach
  void close() throws IOException {
    http.close();
  }

  static List<String> smuggling() {
    return List.of(
        POST + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nbody!",
        POST + "Content-Length: 4, 5\r\n\r\nbody!",
        POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        POST + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        POST + "Content-Length: +4\r\n\r\nbody",
        POST + "Content-Length: -4\r\n\r\nbody",
        POST + "Content-Length: 0x4\r\n\r\nbody",
        POST + "Content-Length: 99999999999999999999\r\n\r\nbody",
        GET + "Host: x\r\nFolded: one\r\n two\r\n\r\n",
        GET + "Host: x\r\nNo colon\r\n\r\n",
        GET + "Host: x\r\n: empty\r\n\r\n",
        GET + "Host: x\r\nBad\u0001Name: x\r\n\r\n",
        GET + "Host: x\r\nValue: a\u0000b\r\n\r\n",
        GET + "Host: x\nBare: line feed\n\n",
        GET + "Host: x\r\nHost: y\r\n\r\n",
        GET.replace("/apps", "http://y/apps") + "Host: x\r\n\r\n",
        GET + "\r\n",
        GET + "Host: \r\n\r\n",
        GET + "Host: a b\r\n\r\n",
        GET.replace("HTTP/1.1", "HTTP/1.2") + "Host: x\r\n\r\n",
        GET.replace("HTTP/1.1", "HTTP/9.1") + "Host: x\r\n\r\n",
        GET.replace(" HTTP/1.1", "") + "Host: x\r\n\r\n",
        GET.replace("GET", "G\u0001T") + "Host: x\r\n\r\n",
        GET.replace("GET", "GET(x)") + "Host: x\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "CONNECT apps:80 HTTP/1.1\r\nHost: apps:80\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("smuggling")
  void whatTwoServersCouldReadDifferentlyIsRefusedAndTheConnectionEnds(String bytes)
      throws IOException {
    RawClient client = http.connect().send(bytes);

    RawClient.Answer answer = client.answer();

    assertThat(answer.status()).isIn(400, 404, 405, 411, 414, 426, 431, 501, 505);
    assertThat(answer.text()).hasSizeLessThan(80).doesNotContain("jetty").doesNotContain("at ");
    assertThat(answer.has("Server")).isFalse();
    assertThat(app.sink.submissions()).isEmpty();
    assertServes();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\r\nbo",
        "zz\r\nbody\r\n0\r\n\r\n",
        "-4\r\nbody\r\n0\r\n\r\n",
        "4\r\nbodyX\r\n0\r\n\r\n",
        "4 \r\nbody\r\n0\r\n\r\n x",
        "fffffffffffffffff\r\nbody\r\n0\r\n\r\n",
        "4\nbody\n0\n\n",
      })
  void badChunkIsRefused(String chunks) throws IOException {
    RawClient client = http.connect().send(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunks);
    client.shutdownOutput();

    assertThat(app.sink.submissions()).isEmpty();
    try {
      assertThat(client.answer().status()).isIn(400, 408, 413);
    } catch (IOException e) {
      // It ended before its body did, and so without an answer.
      HttpFixture.await("counted", () -> http.context.measured("clientsGone") == 1);
    }
    assertThat(app.sink.submissions()).isEmpty();
    assertThat(http.context.measured("bufferedBytes")).isZero();
    assertServes();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/apps/shop/api/../api/hello",
        "/apps/shop/api/%2e%2e/api/hello",
        "/apps/shop/api/%2E%2e/%2e/hello",
        "/apps/shop/api/.%2e/hello",
        "/apps/shop/api/./hello",
        "/apps/shop//api/hello",
        "//apps/shop/api/hello",
        "/apps/shop/api/hello//",
        "/apps/shop/api%2fhello",
        "/apps/shop/api/files/a%2Fb",
        "/apps/shop/api/files/a%5cb",
        "/apps/shop/api/files/a\\b",
        "/apps/shop/api/hello%00",
        "/apps/shop/api/hello%0d%0aX:%20y",
        "/apps/shop/api/hello;x=y",
        "/apps/shop/api/files/%",
        "/apps/shop/api/files/%4",
        "/apps/shop/api/files/%zz",
        "/apps/shop/api/files/%c0%ae%c0%ae",
        "/apps/shop/api/files/%ff",
        "/apps/shop/api/files/%ed%a0%80",
        "/apps/shop/api/files/%u0041",
        "/apps/shop/api/files/%7f",
        "/apps/shop/api/files/\u00e9",
        "apps/shop/api/hello",
        "*",
        "https://x/apps/shop/api/hello",
        "ftp://x/apps/shop/api/hello",
      })
  void pathsThatTwoReadersReadDifferentlyAreRefused(String path) throws IOException {
    RawClient.Answer answer = http.get(path, "Host: x");

    assertThat(answer.status()).isIn(400, 404);
    assertThat(answer.text()).hasSizeLessThan(80);
    assertThat(app.sink.submissions()).isEmpty();
  }

  @Test
  void bodyThatIsAnnouncedTooLargeIsRefusedBeforeItIsSent() throws IOException {
    RawClient client =
        http.connect().send(POST + "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n");

    RawClient.Answer answer = client.answer();

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.text()).contains("1000 bytes");
    assertThat(answer.header("Connection")).isEqualTo("close");
    assertThat(client.isClosed()).isTrue();
    assertThat(app.sink.submissions()).isEmpty();
  }

  @Test
  void bodyThatBecomesTooLargeIsRefusedOnItsWay() throws IOException {
    RawClient client =
        http.connect()
            .send(POST + "Transfer-Encoding: chunked\r\n\r\n")
            .send("3e8\r\n" + "x".repeat(1000) + "\r\n");
    client.send("1\r\nx\r\n");

    assertThat(client.answer().status()).isEqualTo(413);
    assertThat(client.isClosed()).isTrue();
    assertThat(http.context.measured("bufferedBytes")).isZero();
  }

  @Test
  void bodiesTogetherStayWithinTheBudget() throws IOException {
    app.sink.holding();
    RawClient first = http.connect().send(POST + "Content-Length: 1000\r\n\r\n" + "x".repeat(1000));
    HttpFixture.await("the first runs", () -> app.sink.open().size() == 1);
    assertThat(http.context.measured("bufferedBytes")).isEqualTo(1000);

    RawClient.Answer second =
        http.connect().send(POST + "Content-Length: 1000\r\n\r\n" + "x".repeat(1000)).answer();

    assertThat(second.status()).isEqualTo(503);
    assertThat(second.header("Retry-After")).isEqualTo("1");
    app.sink.open().get(0).succeed(Payload.text("done"));
    assertThat(first.answer().text()).isEqualTo("done");
    app.sink.answering(Payload.text("reached"));
    assertThat(http.context.measured("bufferedBytes")).isZero();
    assertThat(
            http.connect()
                .send(POST + "Content-Length: 1000\r\n\r\n" + "x".repeat(1000))
                .answer()
                .text())
        .isEqualTo("reached");
  }

  @Test
  void bodyThatComesTooSlowlyIsAnsweredWith408() throws IOException {
    RawClient client = http.connect().send(POST + "Content-Length: 10\r\n\r\n").send("slow");

    RawClient.Answer answer = client.answer();

    assertThat(answer.status()).isEqualTo(408);
    assertThat(answer.header("Connection")).isEqualTo("close");
    assertThat(client.isClosed()).isTrue();
    assertThat(http.context.measured("tooSlow")).isEqualTo(1);
    assertThat(http.context.measured("bufferedBytes")).isZero();
    assertThat(app.sink.submissions()).isEmpty();
  }

  @Test
  void headThatComesTooSlowlyIsAnsweredWith408ThoughEachByteComesInTime() throws IOException {
    RawClient client = http.connect().send(GET);
    for (int drip = 0; drip < 3; drip++) {
      client.send("X-" + drip + ": y\r\n");
      takeAWhile();
    }

    RawClient.Answer answer = client.answer();

    assertThat(answer.status()).isEqualTo(408);
    assertThat(client.isClosed()).isTrue();
    assertThat(app.sink.submissions()).isEmpty();
  }

  @Test
  void connectionThatIdlesBetweenRequestsIsNoSlowHead() throws IOException {
    RawClient client = http.connect();
    for (int times = 0; times < 2; times++) {
      assertThat(client.send(GET + "Host: x\r\n\r\n").answer().text()).isEqualTo("reached");
      takeAWhile();
      takeAWhile();
    }
    // An unread body that the server throws away is no head either.
    assertThat(
            client
                .send("POST /apps/nobody/ HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody")
                .answer()
                .status())
        .isEqualTo(404);
    takeAWhile();
    takeAWhile();
    assertThat(client.send(GET + "Host: x\r\n\r\n").answer().text()).isEqualTo("reached");
  }

  @Test
  void headThatIsTooLargeIsRefused() throws IOException {
    RawClient headers = http.connect().send(GET + "Host: x\r\nX: " + "y".repeat(3000) + "\r\n\r\n");
    assertThat(headers.answer().status()).isEqualTo(431);
    RawClient target =
        http.connect().send("GET /apps/shop/api/" + "y".repeat(3000) + " HTTP/1.1\r\n\r\n");
    assertThat(target.answer().status()).isIn(414, 431);
    assertServes();
  }

  @Test
  void clientThatGoesOnSendingAfterItsRefusalIsCutOff() throws IOException {
    RawClient client = http.connect().send(POST + "Content-Length: 100000\r\n\r\n");
    assertThat(client.answer().status()).isEqualTo(413);

    boolean cut = false;
    for (int times = 0; times < 200 && !cut; times++) {
      try {
        client.send("x".repeat(100));
        takeAWhile();
      } catch (IOException e) {
        cut = true;
      }
    }
    assertThat(cut).isTrue();
    assertThat(app.sink.submissions()).isEmpty();
  }

  /** As long as a body may take, which is as long as a head may. */
  private void takeAWhile() throws IOException {
    assertThat(http.connect().send(POST + "Content-Length: 1\r\n\r\n").answer().status())
        .isEqualTo(408);
  }

  private void assertServes() throws IOException {
    assertThat(http.get("/apps/shop/api/hello").text()).isEqualTo("reached");
  }
}
